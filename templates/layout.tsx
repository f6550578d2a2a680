/**
 * The page around every page.
 */

import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { asset } from './asset.ts'
import { Icon, Notice } from './icon.tsx'
import { KeysDialog } from './keys_dialog.tsx'
import { themeWorn } from './theme.ts'

export interface LayoutProps {
  title: string
  /** The newest event when the page's rows were read; what came later is asked for by the page itself. */
  eventId?: number | undefined
  here?: 'home' | 'history' | 'files' | 'presets' | 'settings' | 'upkeep' | 'new' | undefined
  /** Islands of this page alone, run after those of all. */
  islands?: string[] | undefined
  /** Uses the whole width. */
  wide?: boolean | undefined
  children?: Child
  /** What stands below the content: bars that stay in sight, dialogs. */
  after?: Child
}

export function Layout({ title, eventId, here, islands = [], wide, children, after }: LayoutProps) {
  return html`<!doctype html>${(
      <html lang='en' data-theme={themeWorn()}>
        <head>
          <meta charset='utf-8' />
          <meta name='viewport' content='width=device-width, initial-scale=1' />
          <meta name='color-scheme' content='light dark' />
          <meta name='htmx-config' content='{"includeIndicatorCSS":false,"history":"reload"}' />
          <title>{title} · Cutroom</title>
          <link rel='icon' href={asset('mark.svg')} type='image/svg+xml' />
          <link rel='stylesheet' href={asset('app.css')} />
          <script src={asset('vendor/htmx.js')} defer></script>
          {[...everywhere, ...islands].map((name) => (
            <script type='module' src={asset(name)}></script>
          ))}
        </head>
        <body data-event-id={eventId}>
          <a class='skip' href='#main'>
            Skip to the content
          </a>
          <TopBar here={here} />
          <main id='main' tabindex={-1} class={wide ? 'wide' : undefined}>
            <div id='notices'></div>
            {children}
          </main>
          {after}
          <KeysDialog />
          {/* Filled in by static/away.js. */}
          <template id='not-reached'>
            <Notice kind='problem'>
              <b>Cutroom is not reached.</b>
            </Notice>
          </template>
        </body>
      </html>
    )}`
}

/** Each is a page of code, run after htmx in this order. */
const everywhere = ['live.js', 'page.js', 'away.js', 'scenes.js', 'viewer.js', 'compare.js']

const places = [
  ['home', '/', 'Home'],
  ['history', '/history', 'History'],
  ['files', '/files', 'Files'],
  ['presets', '/presets', 'Presets'],
  ['settings', '/settings', 'Settings'],
  ['upkeep', '/upkeep', 'Upkeep'],
] as const

function TopBar({ here }: Pick<LayoutProps, 'here'>) {
  return (
    <header class='top'>
      <a class='brand' href='/' aria-label='Cutroom, home'>
        <Icon name='splice' />
        <span class='wordmark'>Cutroom</span>
      </a>
      <nav aria-label='Cutroom'>
        {places.map(([name, href, title]) => (
          <a href={href} aria-current={here === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <p class='live' role='status'></p>
      <button type='button' class='quiet only-keys' data-opens='keys' hidden>
        Keys <kbd>?</kbd>
      </button>
      {here !== 'new' && (
        <a class='button' href='/archives/new' data-key='n' aria-keyshortcuts='n'>
          <Icon name='plus' /> <span class='word'>New archive</span> <kbd>N</kbd>
        </a>
      )}
    </header>
  )
}
