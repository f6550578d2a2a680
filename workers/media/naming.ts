/**
 * Text as names of folders and files, valid on Linux, macOS and Windows and in a URL.
 */

export const logName = 'process_log.txt'

/** `26-11-20_Tide-Study`. */
export const projectFolderName = (projectDate: string, artwork: string, template = '{date}_{artwork}') =>
  fillTemplate(template, { date: safeName(projectDate), artwork: safeName(artwork) })

/** A day as names begin with it, YY-MM-DD, by the clock of the machine. */
export function dateText(day: Date): string {
  const two = (value: number) => String(value % 100).padStart(2, '0')
  return `${two(day.getFullYear())}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/** Puts values in place of `{their names}`; a name that there is none of is left out. */
export const fillTemplate = (template: string, values: Record<string, string>) =>
  template.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : '',
  )

/** At least two digits; three where there are 100 of them, four where there are 1000. */
export const numbered = (number: number, count: number) =>
  String(number).padStart(Math.max(2, String(count).length), '0')

const aspects = [
  ['16x9', 16 / 9],
  ['9x16', 9 / 16],
  ['1x1', 1],
  ['4x3', 4 / 3],
  ['21x9', 21 / 9],
  ['235x100', 2.35],
] as const

/** The named aspect nearest to the picture's, where one lies within 0.1 of it; else its size, `577x324`. */
export function aspectSuffix(width: number, height: number): string {
  const distance = (ratio: number) => Math.abs(width / height - ratio)
  const [name, ratio] = aspects.reduce((best, next) => (distance(next[1]) < distance(best[1]) ? next : best))
  return distance(ratio) <= 0.1 + Number.EPSILON * 4 ? name : `${width}x${height}`
}

/** Where names such as `Tide-Study_compressed_100_235x100.png` must stay under 255 bytes, dates and `_v12` included. */
const longest = 120

/**
 * Text as (part of) a file name. Letters of any script stay, composed; white space becomes `-`; what Windows,
 * a file system or a URL cannot carry goes; so do dots and dashes in front, which hide a file or make it an option.
 * At most 120 bytes of UTF-8, never empty, and unchanged when put in again.
 */
export function safeName(text: string): string {
  const carried = text
    .normalize('NFC')
    .replace(/[<>:"/\\|?*#%&'`^{}[\]\ufeff]/g, '')
    // A dash between spaces is one separator, not three.
    .replace(/[\s\p{Pd}]*\s[\s\p{Pd}]*/gu, '-')
    // Controls, formats and halves of characters; joiners stay, since Persian and Hindi words need them.
    .replace(/(?![\u200c\u200d])\p{C}/gu, '')
    .normalize('NFC')
  return unreserved(trimmed(shortened(trimmed(carried)))) || 'untitled'
}

const trimmed = (text: string) => text.replace(/^[-.\s\u200c\u200d]+|[-.\s\u200c\u200d]+$/gu, '')

/** Cut between characters as people see them, so that no accent or emoji is torn off. */
function shortened(text: string, bytes = longest): string {
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (byteLength(kept + segment) > bytes) break
    kept += segment
  }
  return kept
}

const byteLength = (text: string) => new TextEncoder().encode(text).length

/**
 * Windows opens a device for these, with any ending.
 * Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const unreserved = (name: string) =>
  name.replace(/^(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)/i, '$1_')

/** A copied original keeps its own name and ending, made safe: `-x.mov` is `x.mov`. Takes a name, not a path. */
export function originalName(fileName: string): string {
  const dot = fileName.lastIndexOf('.')
  const ending = dot < 0 ? '' : fileName.slice(dot + 1).replace(/[^\p{L}\p{N}]/gu, '')
  const stem = safeName(dot < 0 ? fileName : fileName.slice(0, dot))
  return ending ? `${stem}.${shortened(ending, 16)}` : stem
}

/** The nth folder of a name: `26-11-20_Tide-Study_v2`; the first is the name itself. */
export const versioned = (name: string, n: number) => (n < 2 ? name : `${name}_v${n}`)

/** A file name that `isTaken` does not know: `a.png`, else `a_v2.png`, `a_v3.png`… */
export function unclashed(name: string, isTaken: (name: string) => boolean): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let n = 1; ; n++) {
    const candidate = `${versioned(stem, n)}${ending}`
    if (!isTaken(candidate)) return candidate
  }
}
