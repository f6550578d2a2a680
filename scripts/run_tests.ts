/**
 * Runs every test file in a process of its own, a few at a time, and refuses one that runs no test, or where
 * CI is set one that skips what a machine can be given.
 */

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildFolder } from './build/folder.ts'

interface Result {
  file: string
  passed: number
  total: number
  failed: boolean
  seconds: number
  output: string
  /** What it said it left out. */
  skips: string[]
  /** Those of them that are no excuse here. */
  refused: string[]
}

const tests = path.resolve(import.meta.dirname, '../tests')
/** Shared footage is not part of the project, so it is nobody's fault where it is absent. */
const mayBeSkipped = /\.\.\/shared/
const limitMs = 15 * 60_000
/** These use every core or a browser, so they come last. */
const slowFolders = ['browser', 'cli', 'engine']

/**
 * @param words only files whose path contains one of them; all without any.
 * @returns the exit code.
 */
export async function runTests(words: string[]): Promise<number> {
  const files = findTests(words)
  if (files.length === 0) {
    console.error('No test file matches.')
    return 1
  }
  const program = files.some(startsProgram) ? await buildProgram() : undefined
  const queue = [...files]
  const results: Result[] = []
  const lane = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const result = await runFile(file, program)
      results.push(result)
      tell(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(os.availableParallelism(), files.length) }, lane))
  return summarise(results)
}

/** They start the program dozens of times, and translating its TypeScript takes as long each time as most of them work. */
const startsProgram = (name: string) => /^(browser|server.cli)/.test(name)

/** @returns the path of the built program, gone with this process. */
async function buildProgram(): Promise<string> {
  const place = mkdtempSync(path.join(os.tmpdir(), 'cutroom-tests-'))
  process.once('exit', () => rmSync(place, { recursive: true, force: true }))
  const folder = path.join(place, 'dist')
  await buildFolder(path.dirname(tests), folder)
  return path.join(folder, 'cutroom.cjs')
}

function findTests(words: string[]): string[] {
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => /_test\.tsx?$/.test(name))
    .filter((name) => words.length === 0 || words.some((word) => path.join('tests', name).includes(word)))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}

const rank = (name: string) => (slowFolders.some((folder) => name.split(path.sep).includes(folder)) ? 1 : 0)

function runFile(file: string, program: string | undefined): Promise<Result> {
  return new Promise((resolve) => {
    const begun = performance.now()
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(tests, file)], {
      env: { ...process.env, FORCE_COLOR: '0', ...(program && { CUTROOM_TEST_PROGRAM: program }) },
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    let output = ''
    const hear = (chunk: Buffer) => void (output += chunk.toString())
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', (code) => {
      clearTimeout(timer)
      const total = Number(/Total:\s+(\d+)/.exec(output)?.[1] ?? 0)
      const passed = Number(/Passed:\s+(\d+)/.exec(output)?.[1] ?? 0)
      const skips = (output.match(/SKIPPED:.*$/gm) ?? []).map((line) => line.trim())
      const refused = process.env.CI ? skips.filter((line) => !mayBeSkipped.test(line)) : []
      const failed = code !== 0 || total === 0 || passed < total || refused.length > 0
      const seconds = (performance.now() - begun) / 1000
      resolve({ file, total, passed, failed, output, seconds, skips, refused })
    })
  })
}

function tell({ file, total, passed, failed, seconds, output, skips, refused }: Result): void {
  console.log(`${failed ? 'FAIL' : 'ok  '} ${file} (${passed} of ${total}, ${seconds.toFixed(1)} s)`)
  for (const line of skips) console.log(`     ${line}`)
  if (!failed) return
  console.log(output)
  for (const line of refused) console.log(`${file} left something out, which fails where CI is set: ${line}`)
  if (total === 0) console.log(`${file} ran no test: it crashed early, or does not call .run().`)
}

function summarise(results: Result[]): number {
  const failedFiles = results.filter(({ failed }) => failed)
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const total = results.reduce((sum, result) => sum + result.total, 0)
  const failed = Math.max(total - passed, failedFiles.length)
  if (failedFiles.length > 0) console.log(`Failed: ${failedFiles.map(({ file }) => file).join(', ')}`)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failedFiles.length === 0 ? 0 : 1
}
