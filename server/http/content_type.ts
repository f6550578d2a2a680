/**
 * What a file is by the ending of its name, and how it may be shown.
 */

const types: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  qt: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  mxf: 'application/mxf',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  m2v: 'video/mpeg',
  ts: 'video/mp2t',
  mts: 'video/mp2t',
  m2ts: 'video/mp2t',
  ogv: 'video/ogg',
  wmv: 'video/x-ms-wmv',
  flv: 'video/x-flv',
  '3gp': 'video/3gpp',
  dv: 'video/dv',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  exr: 'image/x-exr',
  dpx: 'image/x-dpx',
  psd: 'image/vnd.adobe.photoshop',
  ico: 'image/x-icon',
  svg: 'image/svg+xml',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  flac: 'audio/flac',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  txt: 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  csv: 'text/plain; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  woff2: 'font/woff2',
}

/** By the last ending; bytes of no kind where it is unknown. */
export const contentType = (name: string): string =>
  types[/\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'

export type Kind = 'video' | 'image' | 'audio' | 'other'

/** What people take a file for. */
export function kindOf(name: string): Kind {
  const type = contentType(name)
  if (type === 'application/mxf') return 'video'
  const [kind = ''] = type.split('/')
  return kind === 'video' || kind === 'image' || kind === 'audio' ? kind : 'other'
}

/** A browser may show what can run nothing: no HTML, no SVG, nothing it would have to guess. */
export const isShown = (type: string): boolean =>
  /^(video|audio)\/|^text\/plain\b/.test(type) || (type.startsWith('image/') && type !== 'image/svg+xml')

/**
 * Content-Disposition with the name twice: as old readers want it, and as it is (RFC 6266, RFC 8187).
 * @param name of a file, without folders.
 */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const whole = encodeURIComponent(name).replace(/['()*]/g, percent)
  return `${how}; filename="${plain}"; filename*=UTF-8''${whole}`
}

const percent = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
