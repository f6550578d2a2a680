/**
 * What came out: clips to play, stills to look at closely, R&D files, the master; sizes before and after.
 */

import type { Child } from 'hono/jsx'
import type { ShownFile as File } from '../db/files.ts'
import type { SessionData } from './data.ts'
import { Icon, State } from './icon.tsx'
import { LineageFold } from './lineage.tsx'
import { Pages } from './pages.tsx'
import { scenePicture } from './scene_picture.tsx'
import { bytesText, countText, isEnded, spanText } from './words.ts'

/** Of the first page, which is the one that is told of news. */
export const galleryId = (key: string) => `gallery-${key}`

/** Scenes, clips or pictures on one page: a film has thousands, and nobody looks at all of them at once. */
const pageSize = 120

export interface GalleryProps extends SessionData {
  /** From 1. */
  page?: number
}

export function Gallery({ page = 1, ...data }: GalleryProps) {
  const { session, files } = data
  const of = (...roles: File['role'][]) => files.filter(({ role }) => roles.includes(role))
  const clips = [...of('clip').toSorted(byNumber), ...of('group').toSorted(byNumber)]
  const stills = pairs(of('still_hq').toSorted(byNumber), of('still_web').toSorted(byNumber))
  const thumbnails = of('thumbnail')
  const research = pairs(of('rd_hq'), of('rd_web'))
  const masters = of('master', 'master_web')
  const nothing = clips.length + stills.length + research.length + masters.length === 0
  const last = Math.max(1, ...[clips, stills, research].map((all) => Math.ceil(all.length / pageSize)))
  const shown = <T,>(all: T[]) => all.slice((page - 1) * pageSize, page * pageSize)
  const [someClips, someStills, someResearch] = [shown(clips), shown(stills), shown(research)]
  return (
    <div class='stack roomy' id={page === 1 ? galleryId(session.key) : undefined}>
      {nothing && <Nothing ended={isEnded(session.status)} />}
      <Shelf title='Clips' told={sumText(clips)} show={someClips.length > 0}>
        {someClips.map((file, index) => (
          <Clip sessionKey={session.key} file={file} data={data} eager={index < eagerVideos} />
        ))}
      </Shelf>
      <Shelf
        title='Stills'
        told={sumText([...of('still_hq', 'still_web'), ...thumbnails])}
        small
        show={someStills.length > 0}
      >
        {someStills.map((pair) => (
          <Picture {...pair} />
        ))}
      </Shelf>
      <Shelf title='R&D' told={sumText(of('rd_hq', 'rd_web'))} show={someResearch.length > 0}>
        {someResearch.map((pair) =>
          isVideo(pair.after ?? pair.before) ? <Video {...pair} /> : <Picture {...pair} />,
        )}
      </Shelf>
      <Shelf title='Masters' told={sumText(masters)} show={page === 1 && masters.length > 0}>
        {masters.map((file) => (
          <Video before={file} after={null} />
        ))}
      </Shelf>
      <Pages page={page} last={last} href={(to) => `/sessions/${session.key}/outputs?page=${to}`} />
    </div>
  )
}

/** By scene or group: what was made again came last. */
const byNumber = (a: File, b: File) => (a.scene ?? 0) - (b.scene ?? 0)

/** Reading the heads of hundreds of clips at once would hold up the page. */
const eagerVideos = 24

const Nothing = ({ ended }: { ended: boolean }) => (
  <div class='empty'>
    <h2>{ended ? 'Nothing was made' : 'Nothing here yet'}</h2>
    <p>
      {ended
        ? 'The session ended before its first file was finished.'
        : 'Files appear here as they are finished.'}
    </p>
  </div>
)

interface ShelfProps {
  title: string
  told: string
  show: boolean
  /** Two beside each other even on a phone: pictures need no controls. */
  small?: boolean
  children?: Child
}

function Shelf({ title, told, show, small = false, children }: ShelfProps) {
  if (!show) return null
  return (
    <section class='stack' aria-label={title}>
      <div class='row'>
        <h2>{title}</h2> <span class='soft'>{told}</span>
      </div>
      <ul class={small ? 'gallery small' : 'gallery'}>{children}</ul>
    </section>
  )
}

const sumText = (files: File[]) =>
  `${countText(files.length, 'file')} · ${bytesText(files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0))}`

interface Pair {
  /** The full-size one; null where the preset makes none. */
  before: File | null
  after: File | null
}

/** Full-size files with the web copies made of them, told by the row, or by the name: a pair's differ in their use only. */
function pairs(full: File[], web: File[]): Pair[] {
  const byOriginal = new Map(web.map((copy) => [copy.source_file_id, copy]))
  const byStem = new Map(web.map((copy) => [stemOf(copy), copy]))
  const matched = full.map((before) => ({
    before,
    after: byOriginal.get(before.id) ?? byStem.get(stemOf(before)) ?? null,
  }))
  const used = new Set(matched.map(({ after }) => after))
  const lone = web.filter((copy) => !used.has(copy))
  return [...matched, ...lone.map((after) => ({ before: null, after }))]
}

const stemOf = (file: File) =>
  fileName(file)
    .replace(/_(HQ|web|compressed)_/, '_')
    .replace(/\.\w+$/, '')

interface ClipProps {
  sessionKey: string
  file: File
  data: SessionData
  eager: boolean
}

function Clip({ sessionKey, file, data, eager }: ClipProps) {
  const group = file.role === 'group' ? data.groups[(file.scene ?? 1) - 1] : undefined
  const number = group?.scenes[0] ?? file.scene
  // They are numbered from 1 without a gap.
  const poster = number === null || number === undefined ? undefined : data.scenes[number - 1]
  return (
    <FileItem file={file}>
      <video
        class='thumb'
        id={`video-${file.key}`}
        controls
        preload={eager ? 'metadata' : 'none'}
        poster={poster && scenePicture(sessionKey, poster)}
        src={fileUrl(file)}
        aria-label={fileName(file)}
      ></video>
      <Name file={file} />
      <p class='row soft'>
        <span>{lengthOf(file)}</span> <span>{bytesText(file.bytes)}</span>
      </p>
      {group && (
        <p class='soft'>
          {group.name === null ? 'Scenes' : `${group.name}: scenes`} {group.scenes.join(', ')}
        </p>
      )}
    </FileItem>
  )
}

function Video({ before, after }: Pair) {
  const file = after ?? before
  if (!file) return null
  return (
    <FileItem file={file}>
      {playable(file) ? (
        <video
          class='thumb'
          id={`video-${file.key}`}
          controls
          preload='metadata'
          src={fileUrl(file)}
          aria-label={fileName(file)}
        ></video>
      ) : (
        <a class='thumb plate' href={`${fileUrl(file)}?download`}>
          {fileName(file).split('.').at(-1)?.toUpperCase()}
        </a>
      )}
      <Name file={file} />
      <Sizes before={before} after={after} />
    </FileItem>
  )
}

function Picture({ before, after }: Pair) {
  const file = after ?? before
  if (!file) return null
  return (
    <FileItem file={file}>
      <a class='thumb' href={fileUrl(file)} data-zoom={fileName(file)}>
        <img
          src={fileUrl(file)}
          width={file.width ?? undefined}
          height={file.height ?? undefined}
          alt={altOf(file)}
          loading='lazy'
        />
      </a>
      <Name file={file} />
      <Sizes before={before} after={after} />
    </FileItem>
  )
}

const FileItem = ({ file, children }: { file: File; children?: Child }) => (
  <li class='file' id={`file-${file.key}`}>
    {children}
    {file.missing_at !== null && (
      <p>
        <State tone='warning'>not there any more</State>
      </p>
    )}
    <LineageFold file={file} />
  </li>
)

const Name = ({ file }: { file: File }) => (
  <p class='row'>
    <span>{fileName(file)}</span>
    <a
      class='button square quiet'
      href={`${fileUrl(file)}?download`}
      aria-label={`Download ${fileName(file)}`}
      download
    >
      <Icon name='download' />
    </a>
  </p>
)

function Sizes({ before, after }: Pair) {
  const [full, web] = [before?.bytes ?? null, after?.bytes ?? null]
  const facts = before ?? after
  const shape = facts?.width ? `${facts.width} × ${facts.height}` : ''
  if (!before || !after)
    return (
      <p class='row soft'>
        <span>{shape}</span> <span>{bytesText(full ?? web)}</span>
      </p>
    )
  return (
    <p class='row soft'>
      <span>
        {before.format?.toUpperCase()} <a href={`${fileUrl(before)}?download`}>{bytesText(full)}</a> →{' '}
        {after.format?.toUpperCase()} {bytesText(web)}
      </span>
      <span>{full && web !== null ? changeText(web / full) : ''}</span>
    </p>
  )
}

/** "−84%", with a true minus. */
export const changeText = (ratio: number) => {
  const percent = Math.round((ratio - 1) * 100)
  return percent < 0 ? `−${-percent}%` : percent > 0 ? `+${percent}%` : 'same size'
}

const lengthOf = ({ duration, frames }: File) =>
  [duration !== null && spanText(duration), frames !== null && countText(frames, 'frame')]
    .filter(Boolean)
    .join(' · ')

const altOf = ({ scene, frame, path }: File) =>
  scene === null
    ? (path.split('/').at(-1) ?? '')
    : `Scene ${scene}${frame === null ? '' : `, frame ${frame}`}`

export const fileName = ({ path }: Pick<File, 'path'>) => path.slice(path.lastIndexOf('/') + 1)

export const fileUrl = ({ key }: Pick<File, 'key'>) => `/files/${key}`

const isVideo = (file: File | null) => /\.(mp4|mov|mkv|webm|m4v|mxf|avi)$/i.test(file?.path ?? '')

/** What browsers play; a ProRes master is offered for download instead. */
const playable = ({ path, codec }: File) =>
  /\.(mp4|m4v|webm)$/i.test(path) && !/prores|dnx|hevc/i.test(codec ?? '')
