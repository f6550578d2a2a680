/**
 * Chromium and a real server for tests: the browser is shared by a file's tests, the server is a process of its own.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { suite } from 'uvu'
import { bundledFfmpeg } from '../../workers/tools.ts'
import { folder } from '../media.ts'

const executablePath = '/usr/bin/chromium'
const project = path.resolve(import.meta.dirname, '../..')
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name as on a LAN: unlike loopback, plain HTTP there is no secure context, and much of the web's API is missing.
  '--host-resolver-rules=MAP cutroom.test 127.0.0.1',
]

/** What one test has of the browser; all of it is closed when the test ends. */
export interface Stage {
  /** A browser profile of its own: its tabs share storage, locks and channels, and six connections. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  /** A tab in a profile of its own, 1280 x 800 unless `options` say otherwise. */
  page(options?: BrowserContextOptions): Promise<Page>
  /** A server that is ended with the test. */
  server(options?: ServerOptions): Promise<Server>
  /** One server for all tests of the file, started by the first that asks. */
  shared(options?: ServerOptions): Promise<Server>
}

/**
 * A suite of tests in Chromium: `pages.test(title, async ({ page, server }) => …)`, and `pages.run()` at the end.
 * Where there is no Chromium it says so, and each test passes without having run. A test fails too when a page threw,
 * or broke its own Content-Security-Policy.
 */
export function browserSuite(name: string) {
  const test = suite(name)
  const missing = !existsSync(executablePath)
  let browser: Browser
  let kept: Promise<Server> | undefined
  const shared = (options?: ServerOptions) => (kept ??= startServer(options))
  test.before(async () => {
    if (missing) console.log(`SKIPPED: no Chromium (${name})`)
    else browser = await chromium.launch({ executablePath, args })
  })
  test.after(async () => {
    if (missing) return
    await (await kept)?.kill()
    await browser.close()
  })
  return {
    test: (title: string, play: (stage: Stage) => Promise<void>) =>
      test(title, async () => {
        if (!missing) await playOn(browser, shared, play)
      }),
    run: () => test.run(),
  }
}

export interface ServerOptions {
  /** The data folder; a fresh one by default. */
  data?: string
  /** 0 takes a free port. */
  port?: number
  /** What is run instead of the product; it prints an address as that does. */
  script?: string
  env?: Record<string, string>
}

export interface Server {
  /** `http://127.0.0.1:PORT`, the same after a restart. */
  url: string
  data: string
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Ends it as a person would. */
  stop(): Promise<void>
  /** Starts it again on the same port and data folder, once it has ended. */
  start(): Promise<void>
  /** What it has said so far, both streams. */
  said(): string
}

/** A server process that answers when this returns. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const data = options.data ?? folder()
  let running = launch(data, options)
  const url = await running.address
  const end = async (signal: NodeJS.Signals) => {
    running.child.kill(signal)
    await running.ended
  }
  return {
    url,
    data,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async start() {
      running = launch(data, { ...options, port: Number(new URL(url).port) })
      await running.address
    },
    said: () => running.said(),
  }
}

/** How long anything is waited for, milliseconds: a machine may be slow, and what fails is waited for once. */
const patience = 120_000

/** Waits until `what` is true of the page, asked every 50 ms in Node; its last value is in the error. */
export async function until(what: () => unknown, ms = patience): Promise<void> {
  let value: unknown
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if ((value = await what())) return
  throw new Error(`It did not come true within ${ms} ms: ${what.toString()} (last: ${String(value)})`)
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function playOn(
  browser: Browser,
  shared: Stage['shared'],
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const complaints: string[] = []
  const closers: (() => Promise<void>)[] = []
  const context = async (options?: BrowserContextOptions) => {
    const made = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    made.setDefaultTimeout(patience)
    closers.unshift(() => made.close())
    listen(made, complaints)
    return made
  }
  const page = async (options?: BrowserContextOptions) => (await context(options)).newPage()
  const server = async (options?: ServerOptions) => {
    const made = await startServer(options)
    closers.push(() => made.kill())
    return made
  }
  try {
    await play({ context, page, server, shared })
  } finally {
    for (const close of closers) await close()
  }
  if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('; ')}`)
}

function listen(context: BrowserContext, complaints: string[]): void {
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy'))
      complaints.push(message.text())
  })
}

interface Launched {
  child: ChildProcess
  address: Promise<string>
  ended: Promise<void>
  said(): string
}

/** Built where the suite runs, from the source where a file runs alone. */
const built = process.env.CUTROOM_TEST_PROGRAM

function launch(data: string, { port = 0, script, env = {} }: ServerOptions): Launched {
  const runner = script?.endsWith('.ts') ? ['--import', 'tsx'] : []
  const served = built ? [built, 'serve'] : ['scripts/start.mjs']
  const child = spawn(process.execPath, script ? [...runner, path.resolve(project, script)] : served, {
    cwd: project,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      CUTROOM_DATA: data,
      CUTROOM_FFMPEG: bundledFfmpeg(),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that crashes must not leave a server behind.
  const endWithUs = () => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      process.off('exit', endWithUs)
      resolve()
    }),
  )
  let said = ''
  return { child, ended, said: () => said, address: readAddress(child, ended, (text) => (said += text)) }
}

function readAddress(
  child: ChildProcess,
  ended: Promise<void>,
  keep: (text: string) => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      const address = /http:\/\/[^\s]+:\d+/.exec(keep(chunk.toString()))
      if (address) resolve(address[0])
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    void ended.then(() => reject(new Error(`The server ended: ${keep('')}`)))
  })
}
