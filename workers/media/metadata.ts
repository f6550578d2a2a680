/**
 * What every output says of itself, and how stills and videos carry it.
 */

export interface Subject {
  artwork: string
  /** YY-MM-DD. */
  projectDate: string
  copyright: string
  /** The name of the file it was made from. */
  sourceName: string
  scene?: number | undefined
  /** From 0. */
  frame?: number | undefined
  /** HH:MM:SS:FF. */
  timecode?: string | undefined
  settings?: Record<string, unknown> | undefined
  /** When the session began, UTC, `YYYY-MM-DD HH:MM:SS`; outputs of a resumed session say the same. */
  createdAt?: string | undefined
}

export type Description = Record<string, string>

const software = 'Cutroom'

/** The facts as texts, only those that are known; kept with the file's row, and what the forms below are made of. */
export function describe(subject: Subject): Description {
  const { artwork, projectDate, copyright, sourceName, scene, frame, timecode, settings, createdAt } = subject
  const facts: Record<string, string | number | undefined> = {
    title: scene === undefined ? artwork : `${artwork}, scene ${scene}`,
    description: `Artwork: ${artwork}`,
    artwork,
    projectDate,
    copyright,
    artist: artistOf(copyright),
    source: sourceName,
    scene,
    frame,
    timecode,
    settings: settings && JSON.stringify(settings),
    created: createdAt?.slice(0, 19),
    software,
  }
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]))
}

/** "© 2019-2026 Yambo Studio. All rights reserved." names Yambo Studio. */
function artistOf(copyright: string): string {
  return copyright
    .replace(/[.,;]?\s*\ball rights reserved\b\.?/giu, ' ')
    .replace(/©|℗|\(\s*[cp]\s*\)|\bcopyright\b/giu, ' ')
    .replace(/\b(?:19|20)\d{2}(?:\s*[-–,]\s*(?:19|20)?\d{2})*\b/gu, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s,;:.|–-]+|[\s,;:|–-]+$/gu, '')
}

/** EXIF tags by name, for `exifBytes`. */
export function exifOf(description: Description): Record<string, string> {
  return present({
    ImageDescription: description.description,
    Software: description.software,
    DateTime: description.created?.replaceAll('-', ':'),
    Artist: description.artist,
    Copyright: description.copyright,
    UserComment: asciiJson(notesOf(description)),
  })
}

/** Text chunks of a PNG: keyword -> text. */
export function pngTextOf(description: Description): Record<string, string> {
  return present({
    Title: description.title,
    Author: description.artist,
    Description: description.description,
    Copyright: description.copyright,
    Source: description.source,
    Scene: description.scene,
    Frame: description.frame,
    Timecode: description.timecode,
    'Project Date': description.projectDate,
    'Creation Time': description.created && `${description.created.replace(' ', 'T')}Z`,
    Software: description.software,
  })
}

/** Tags that ffmpeg's MP4 writer keeps: for each, `-metadata key=value`. */
export function mp4TagsOf(description: Description): Record<string, string> {
  return present({
    title: description.title,
    artist: description.artist,
    copyright: description.copyright,
    description: description.description,
    date: description.projectDate && isoDate(description.projectDate),
    comment: JSON.stringify(notesOf(description)),
  })
}

/** An XMP packet (ISO 16684-1): Dublin Core for rights and names, Adobe's dynamic media terms for scene and timecode. */
export function xmpOf(description: Description): string {
  const { copyright, artist, title, created, timecode } = description
  const properties = [
    alternative('dc:rights', copyright),
    artist && `<dc:creator><rdf:Seq><rdf:li>${escape(artist)}</rdf:li></rdf:Seq></dc:creator>`,
    alternative('dc:title', title),
    alternative('dc:description', description.description),
    element('dc:source', description.source),
    element('xmpRights:Marked', copyright && 'True'),
    element('xmp:CreatorTool', description.software),
    element('xmp:CreateDate', created && `${created.replace(' ', 'T')}Z`),
    element('xmpDM:scene', description.scene),
    timecode &&
      `<xmpDM:startTimecode rdf:parseType="Resource">${element('xmpDM:timeValue', timecode)}</xmpDM:startTimecode>`,
    element('cutroom:artwork', description.artwork),
    element('cutroom:projectDate', description.projectDate),
    element('cutroom:frame', description.frame),
  ]
  return packet(properties.filter(Boolean).join('\n'))
}

const packet = (properties: string) => `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/"
 xmlns:cutroom="urn:cutroom:1.0:">
${properties}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`

const element = (name: string, text: string | undefined) => text && `<${name}>${escape(text)}</${name}>`

const alternative = (name: string, text: string | undefined) =>
  text && `<${name}><rdf:Alt><rdf:li xml:lang="x-default">${escape(text)}</rdf:li></rdf:Alt></${name}>`

/** XML 1.0 has no place for most control characters, escaped or not. */
const escape = (text: string) =>
  text
    .replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')

/** What has no tag of its own travels as JSON in the comment. */
function notesOf(description: Description): Record<string, unknown> {
  const { artwork, projectDate, source, scene, frame, timecode, settings } = description
  return {
    artwork,
    projectDate,
    source,
    ...(scene !== undefined && { scene: Number(scene) }),
    ...(frame !== undefined && { frame: Number(frame) }),
    ...(timecode !== undefined && { timecode }),
    ...(settings !== undefined && { settings: JSON.parse(settings) as unknown }),
  }
}

/** JSON may escape every character beyond ASCII, which any reader of EXIF comments can read. */
const asciiJson = (value: unknown) =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** 26-11-20 is 2026-11-20. */
const isoDate = (projectDate: string) =>
  /^\d{2}-\d{2}-\d{2}$/.test(projectDate) ? `20${projectDate}` : projectDate

const present = (tags: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter((entry): entry is [string, string] => Boolean(entry[1])))
