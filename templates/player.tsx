/**
 * The player of the review room: what it plays, and its controls, which static/player.js brings to life.
 */

import type { ShownFile } from '../db/files.ts'
import type { SessionData } from './data.ts'
import { Icon } from './icon.tsx'
import { scenePicture } from './scene_picture.tsx'

export const playerId = (key: string) => `player-${key}`

/** What a browser can play of a session: the optimised master, else the copy, else the master itself. */
export function playableOf(files: readonly ShownFile[]): ShownFile | undefined {
  const there = files.filter(({ missing_at }) => missing_at === null)
  return (['master_web', 'master', 'source'] as const)
    .map((wanted) => there.find((file) => file.role === wanted && isPlayable(file)))
    .find((file) => file !== undefined)
}

/**
 * By container and codec, as browsers have them; 10-bit and the like are told by the player itself, and so is a master
 * that nobody has looked at yet.
 */
const isPlayable = ({ path, codec }: Pick<ShownFile, 'path' | 'codec'>) =>
  /\.(mp4|m4v|mov|webm)$/i.test(path) && (codec === null || /^(h264|vp8|vp9|av1)$/i.test(codec))

/** How far a light copy for looking is. */
export interface ProxyData {
  state: 'none' | 'making' | 'ready' | 'failed'
  /** 0 to 1. */
  progress: number
}

export interface PlayerProps {
  data: SessionData
  proxy: ProxyData
}

export function Player({ data, proxy }: PlayerProps) {
  const { session, files, scenes } = data
  const source = files.find(({ role }) => role === 'source')
  const file = playableOf(files)
  const [first] = scenes
  const light = proxy.state === 'ready' ? proxyUrl(session.key) : undefined
  return (
    <section class='player' aria-label='Player'>
      <video
        id={playerId(session.key)}
        src={light ?? (file ? `/files/${file.key}` : undefined)}
        poster={first && scenePicture(session.key, first)}
        width={source?.width ?? 1280}
        height={source?.height ?? 720}
        preload='auto'
        playsinline
        controls
        data-player
        aria-label={file?.role === 'master_web' ? 'Optimised master' : 'Master'}
      ></video>
      <ProxyNotice session={session} codec={source?.codec ?? null} proxy={proxy} needed={!file} />
      <div class='transport' hidden data-transport>
        <Control action='last-cut' icon='prev' label='Last cut' keys='ArrowUp' />
        <Control action='back' icon='left' label='One frame back' keys='ArrowLeft' />
        <Control action='play' icon='play' label='Play' keys='L' />
        <Control action='forward' icon='right' label='One frame on' keys='ArrowRight' />
        <Control action='next-cut' icon='next' label='Next cut' keys='ArrowDown' />
        <Control action='loop' icon='loop' label='Loop the scene' pressed />
        <output aria-label='Playhead' data-playhead>
          <span class='tc'>00:00:00:00</span>
        </output>
        <span class='soft' data-readout></span>
        <span class='end soft only-keys'>
          <kbd>J</kbd> <kbd>K</kbd> <kbd>L</kbd>
        </span>
      </div>
    </section>
  )
}

export const proxyId = (key: string) => `proxy-${key}`

const proxyUrl = (key: string) => `/sessions/${key}/proxy.mp4`

export interface ProxyNoticeProps {
  session: SessionData['session']
  codec: string | null
  proxy: ProxyData
  /** False where the browser may well play the master; static/player.js shows it where it cannot. */
  needed: boolean
}

/** Says why nothing plays, and offers a light copy; asks how far it is while it is made. */
export function ProxyNotice({ session, codec, proxy, needed }: ProxyNoticeProps) {
  const address = `/sessions/${session.key}/proxy`
  const target = { 'hx-target': `#${proxyId(session.key)}`, 'hx-swap': 'outerHTML' }
  const made = Math.floor(proxy.progress * 100)
  return (
    <div
      class='notice'
      id={proxyId(session.key)}
      role='status'
      data-proxy={proxy.state === 'ready' ? proxyUrl(session.key) : ''}
      hidden={proxy.state === 'ready' || (proxy.state === 'none' && !needed)}
      {...(proxy.state === 'making' && { 'hx-get': address, 'hx-trigger': 'load delay:1s', ...target })}
    >
      <Icon name={proxy.state === 'failed' ? 'failed' : 'info'} />
      {proxy.state === 'making' ? (
        <p>
          A light copy is being made: {made}%{' '}
          <progress max='100' value={made} aria-label='Light copy'>
            {made}%
          </progress>
        </p>
      ) : (
        <>
          <p>
            {proxy.state === 'failed'
              ? 'The light copy could not be made; the log says why. Everything else here works without it.'
              : `Browsers do not play ${codec?.toUpperCase() ?? 'this master'}. A light copy to look at (H.264, 540 lines) can be made; the master stays as it is.`}
          </p>
          <form method='post' action={address} hx-post={address} {...target}>
            <button>{proxy.state === 'failed' ? 'Try again' : 'Make a light copy'}</button>
          </form>
        </>
      )}
    </div>
  )
}

interface ControlProps {
  action: string
  icon: string
  label: string
  keys?: string
  pressed?: boolean
}

const Control = ({ action, icon, label, keys, pressed }: ControlProps) => (
  <button
    type='button'
    class={action === 'play' ? 'square' : 'quiet square'}
    data-transport-do={action}
    aria-label={label}
    aria-keyshortcuts={keys}
    aria-pressed={pressed === undefined ? undefined : 'false'}
  >
    <Icon name={icon} />
  </button>
)
