import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

/** Which folders a folder may import from; `type:` means types only. All may import workers/media, which is pure. */
const arrows: Record<string, string[]> = {
  db: ['db', 'workers/media'],
  'workers/media': ['workers/media', 'type:workers', 'type:db'],
  workers: ['workers', 'workers/media', 'type:db'],
  templates: ['templates', 'workers/media', 'type:db'],
  server: ['server', 'db', 'workers', 'workers/media', 'templates'],
  scripts: ['scripts', 'server', 'db', 'workers', 'workers/media'],
}

/** Where, and only where, each of these may stand. */
const rooms: { what: string; pattern: RegExp; allowed: RegExp }[] = [
  {
    what: 'SQL',
    pattern: /\b(selectFrom|insertInto|updateTable|deleteFrom)\(|\bsql`/,
    allowed: /^db\//,
  },
  { what: 'HTML', pattern: /<(html|body|div|p|h1|table|form|button)[\s>]/, allowed: /^templates\// },
  {
    what: 'starting processes',
    pattern: /from 'node:child_process'/,
    allowed: /^(workers\/(answerer|ffmpeg|tools|processes)\.ts|scripts\/)/,
  },
  { what: 'the environment', pattern: /process\.env/, allowed: /^(server\/config\.ts|scripts\/)/ },
]

const architecture = suite('architecture')

for (const [room, targets] of Object.entries(arrows)) {
  architecture(`${room} imports only from ${targets.join(', ')}`, () => {
    const files = sources.filter((file) => roomOf(file) === room)
    assert.ok(files.length > 0, `${room} has no files`)
    const strays = files
      .flatMap(importsOf)
      .filter(
        ({ to, target, isType }) =>
          to !== 'package.json' &&
          !targets.includes(target) &&
          !(isType && targets.includes(`type:${target}`)),
      )
    assert.equal(strays, [])
  })
}

for (const { what, pattern, allowed } of rooms) {
  architecture(`${what} stands only in its room`, () => {
    const strays = sources.filter((file) => !allowed.test(file) && pattern.test(withoutComments(read(file))))
    assert.equal(strays, [])
    assert.ok(
      sources.some((file) => allowed.test(file) && pattern.test(read(file))),
      'the pattern finds nothing at all',
    )
  })
}

architecture('app, routes, templates and workers/media load no node: module, however far one follows', () => {
  const roots = sources.filter((file) =>
    /^(server\/app\.ts|server\/routes\/|templates\/|workers\/media\/)/.test(file),
  )
  for (const root of roots) assert.equal(nodeModulesBehind(root), [], root)
})

architecture('every file opens with a sentence that says what it is for', () => {
  const silent = sources.filter((file) => !/^(#!.*\n)?\/\*\*\n \* \S|^(#!.*\n)?\/\/ \S/.test(read(file)))
  assert.equal(silent, [])
})

architecture('every test file runs its tests', () => {
  const tests = filesIn('tests').filter((file) => /_test\.tsx?$/.test(file))
  assert.equal(
    tests.filter((file) => !/\.run\(\)\s*$/m.test(read(file))),
    [],
  )
})

const top = path.resolve(import.meta.dirname, '..')
const sources = ['db', 'server', 'templates', 'workers', 'scripts'].flatMap(filesIn)

architecture.run()

function filesIn(folder: string): string[] {
  return readdirSync(path.join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|mjs)$/.test(name))
    .map((name) => path.join(folder, name).split(path.sep).join('/'))
}

function roomOf(file: string): string {
  return file.startsWith('workers/media/') ? 'workers/media' : (file.split('/')[0] ?? '')
}

function importsOf(file: string) {
  const found = read(file).matchAll(
    /^(?:import|export) (type )?(?:[\w*{][^'"=]*from )?['"](\.\.?\/[^'"]+)['"]/gm,
  )
  return [...found].map(([, isType, to = '']) => {
    const target = path.posix.join(path.posix.dirname(file), to)
    return { file, to: target, target: roomOf(target), isType: isType !== undefined }
  })
}

/** The node: modules that loading `file` loads, with the way there. */
function nodeModulesBehind(file: string, way: string[] = [], seen = new Set<string>()): string[] {
  if (seen.has(file) || !existsSync(path.join(top, file))) return []
  seen.add(file)
  const own = [
    ...read(file).matchAll(/^import (?!type )[^'"]*['"](node:[^'"]+|better-sqlite3|piscina|sharp)['"]/gm),
  ]
  return [
    ...own.map(([, name]) => [...way, file, name].join(' -> ')),
    ...importsOf(file)
      .filter(({ isType }) => !isType)
      .flatMap(({ to }) => nodeModulesBehind(to, [...way, file], seen)),
  ]
}

function read(file: string): string {
  return readFileSync(path.join(top, file), 'utf8')
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
