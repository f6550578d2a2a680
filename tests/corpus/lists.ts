/**
 * Files that name other files and addresses: none is followed. What they name is a tripwire.
 */

import { base, operated, picture, written } from './making.ts'
import { accepted, refused, type Maker, type Specimen, type World } from './specimen.ts'

const naming =
  (text: (world: World) => string): Maker =>
  (place, world) =>
    written(text(world))(place, world)

const list = refused(/is a playlist or script that names other files, not a video; give the video itself\.$/)
/** Of a kind that is not looked into at all. */
const unread = refused(/is not a video that (ffmpeg can read|Cutroom reads)/)

const hls = ({ tripwire, port }: World) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n${tripwire}\n#EXTINF:1,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`
const concat = ({ tripwire, port }: World) => `file '${tripwire}'\nfile 'http://127.0.0.1:${port}/b.mov'\n`
const smil = ({ port }: World) =>
  `<?xml version="1.0"?>\n<smil><body><video src="http://127.0.0.1:${port}/c"/></body></smil>`
const mpd = ({ tripwire, port }: World) =>
  `<?xml version="1.0"?>\n<MPD type="static"><BaseURL>http://127.0.0.1:${port}/</BaseURL><Period><AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>file:${tripwire}</BaseURL></Representation></AdaptationSet></Period></MPD>`

export const lists: Specimen[] = [
  { name: 'list.m3u8', make: naming(hls), outcome: list },
  { name: 'list.m3u', make: naming(hls), outcome: list },
  { name: 'list-as-film.mp4', make: naming(hls), outcome: list },
  { name: 'list-as-stream.ts', make: naming(hls), outcome: list },
  { name: 'list-behind-spaces.mp4', make: naming((world) => `\n\n  ${hls(world)}`), outcome: list },
  {
    name: 'script.ffconcat',
    make: naming((world) => `ffconcat version 1.0\n${concat(world)}`),
    outcome: list,
  },
  { name: 'script-as-film.mov', make: naming(concat), outcome: list },
  {
    name: 'script-behind-comment.mov',
    make: naming((world) => `# a comment\n${concat(world)}`),
    outcome: list,
  },
  { name: 'manifest.mpd', make: naming(mpd), outcome: list },
  { name: 'manifest-as-film.mp4', make: naming(mpd), outcome: list },
  { name: 'presentation.smil', make: naming(smil), outcome: list },
  {
    name: 'list.pls',
    make: naming(({ port }) => `[playlist]\nFile1=http://127.0.0.1:${port}/d\n`),
    outcome: list,
  },
  {
    name: 'list.asx',
    make: naming(
      ({ port }) => `<asx version="3.0"><entry><ref href="http://127.0.0.1:${port}/e"/></entry></asx>`,
    ),
    outcome: list,
  },
  { name: 'script.avs', make: naming(({ tripwire }) => `DirectShowSource("${tripwire}")`), outcome: list },
  { name: 'cuts.edl', make: naming(({ tripwire }) => `# mpv EDL v0\n${tripwire}\n`), outcome: list },
  {
    name: 'broadcast.sdp',
    make: naming(
      ({ port }) =>
        `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    ),
    outcome: list,
  },
  {
    name: 'broadcast-as-film.mov',
    make: naming(
      ({ port }) =>
        `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    ),
    outcome: list,
  },
  {
    name: 'address.mov',
    make: naming(({ port }) => `rtsptext\nrtsp://127.0.0.1:${port}/f\n`),
    outcome: unread,
  },
  {
    name: 'composition.mov',
    make: naming(
      ({ tripwire }) =>
        `<?xml version="1.0"?>\n<CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id><Path>${tripwire}</Path></CompositionPlaylist>`,
    ),
    outcome: list,
  },
  {
    name: 'drawing-as-film.mov',
    make: naming(
      ({ tripwire }) =>
        `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file://${tripwire}"/></svg>`,
    ),
    outcome: unread,
  },
  { name: 'metadata.mov', make: written(';FFMETADATA1\ntitle=x\n'), outcome: unread },
  { name: 'shell.mov', make: written('#!/bin/sh\ntouch /tmp/owned\n'), outcome: unread },
  {
    name: 'archive.mov',
    make: written(Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(500)])),
    outcome: unread,
  },
  {
    // A QuickTime film whose frames lie, as it says, in another file.
    name: 'reference-film.mov',
    make: operated(
      () => base('referred.mov', [...picture(), '-c:v', 'prores_ks', '-movflags', '+faststart']),
      (bytes) => {
        const at = bytes.indexOf('url \0\0\0\u0001')
        bytes.write('alis\0\0\0\0', at, 'latin1')
        return bytes
      },
    ),
    outcome: accepted(),
  },
]
