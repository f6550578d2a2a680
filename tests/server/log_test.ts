import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { setSetting } from '../../db/settings.ts'
import { createLog, followLevel, withoutSecrets } from '../../server/log.ts'
import { createLogFile } from '../../server/log_file.ts'
import { readLog } from '../../server/log_read.ts'
import { freshDatabase } from '../db/fixture.ts'
import { folder } from '../media.ts'
import { until } from './cli/run.ts'

const log = suite('log')

const linesOf = (place: string) =>
  readFileSync(path.join(place, 'cutroom.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const fail = (error: unknown) => assert.unreachable(String(error))

log(
  'each line is JSON with level, time and message; warnings and errors are said in words, too',
  async () => {
    const place = folder()
    const said: string[] = []
    const open = createLog({ folder: place, say: (line) => said.push(line) })
    open.debug('unheard')
    open.info('clips begins.', { session: 'k1', operation: 'clips' })
    open.warn('The disk is slow.')
    open.error(new Error('Lost.', { cause: new Error('ENOENT: gone') }), { session: 'k1' })
    await open.close()
    const lines = linesOf(place)
    assert.equal(
      lines.map(({ level, message, session }) => [level, message, session]),
      [
        ['info', 'clips begins.', 'k1'],
        ['warn', 'The disk is slow.', undefined],
        ['error', 'Lost.', 'k1'],
      ],
    )
    assert.ok(lines.every(({ time }) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(time))))
    assert.match(JSON.stringify(lines[2]), /log_test\.ts/, 'the stack')
    assert.match(JSON.stringify(lines[2]), /ENOENT: gone/, 'the cause')
    assert.equal(said, ['The disk is slow.', 'Lost.'])
  },
)

log('a file that has grown is set aside, the oldest goes, and no line is lost or cut', async () => {
  const place = folder()
  const file = createLogFile(place, { mostBytes: 1000, kept: 2, onError: fail })
  for (let n = 0; n < 60; n++) {
    file.write(`${String(n).padStart(3, '0')} ${'x'.repeat(95)}\n`)
    if (n % 5 === 4) await file.close()
  }
  await file.close()
  assert.equal(readdirSync(place).sort(), ['cutroom.1.log', 'cutroom.2.log', 'cutroom.log'])
  const kept = ['cutroom.2.log', 'cutroom.1.log', 'cutroom.log'].flatMap((name) =>
    readFileSync(path.join(place, name), 'utf8').trimEnd().split('\n'),
  )
  const numbers = kept.map((line) => Number(line.slice(0, 3)))
  assert.equal(
    numbers,
    Array.from({ length: numbers.length }, (_, n) => 60 - numbers.length + n),
  )
  assert.ok(readdirSync(place).every((name) => statSync(path.join(place, name)).size <= 1500))
})

log('what cannot be written is told once, and the program goes on', async () => {
  const place = path.join(folder(), 'taken')
  writeFileSync(place, 'a file where the folder should be')
  const errors: unknown[] = []
  const file = createLogFile(place, { onError: (error) => errors.push(error) })
  for (let n = 0; n < 3; n++) {
    file.write('lost\n')
    await file.close()
  }
  assert.is(errors.length, 1)
})

log('the level follows the setting while the program runs', async () => {
  const db = await freshDatabase()
  const place = folder()
  const open = createLog({ folder: place, level: 'ERROR', say: () => undefined })
  await setSetting(db, 'log_level', 'DEBUG')
  const stop = followLevel(db, open)
  await until(() => {
    open.debug('heard')
    return readdirSync(place).length > 0
  })
  stop()
  await open.close()
  assert.is(linesOf(place)[0]?.level, 'debug')
  await db.destroy()
})

const secrets = [
  [`{"level":"info","password":"hunter2","n":1}`, `{"level":"info","password":"[removed]","n":1}`],
  [`{"headers":{"Authorization":"Bearer hunter2"}}`, `{"headers":{"Authorization":"[removed]"}}`],
  [`{"set-cookie":["a=hunter2","b"],"x":2}`, `{"set-cookie":"[removed]","x":2}`],
  [
    `{"api_key":12345,"openai_api_key":"say \\"hunter2\\""}`,
    `{"api_key":"[removed]","openai_api_key":"[removed]"}`,
  ],
  [`{"message":"opened https://ada:hunter2@host/x"}`, `{"message":"opened https://[removed]@host/x"}`],
  [`{"message":"GET /login?token=hunter2&a=1"}`, `{"message":"GET /login?token=[removed]&a=1"}`],
  [
    `{"message":"Authorization: Bearer hunter2 refused"}`,
    `{"message":"Authorization: Bearer [removed] refused"}`,
  ],
] as const

log('no secret comes into the log, wherever in a line it stands', () => {
  for (const [line, clean] of secrets) {
    assert.is(withoutSecrets(line), clean)
    JSON.parse(withoutSecrets(line))
  }
  const plain = '{"level":"info","message":"The tokeniser’s passage: cookies, a secretary","session":"k1"}'
  assert.is(withoutSecrets(plain), plain)
})

log('it is read from its end, page by page, also across files and while more is written', async () => {
  const place = folder()
  const line = (n: number) =>
    `${JSON.stringify({ level: n % 10 === 0 ? 'error' : 'info', time: 't', message: `${n} ${'é'.repeat(500)}`, session: n % 2 ? 'odd' : 'even' })}\n`
  const all = Array.from({ length: 400 }, (_, n) => line(n))
  writeFileSync(path.join(place, 'cutroom.1.log'), all.slice(0, 200).join(''))
  writeFileSync(path.join(place, 'cutroom.log'), all.slice(200).join(''))
  const read = async (search: { session?: string; level?: 'error' }, limit: number) => {
    const numbers: number[] = []
    let before: string | undefined
    do {
      const page = await readLog(place, { ...search, limit, before })
      numbers.push(...page.entries.map(({ message }) => Number.parseInt(message)))
      before = page.before ?? undefined
      appendFileSync(path.join(place, 'cutroom.log'), line(1001))
    } while (before !== undefined)
    return numbers
  }
  const down = (from: number, step: number) =>
    Array.from({ length: Math.ceil((from + 1) / step) }, (_, n) => from - n * step)
  assert.equal(await read({}, 70), down(399, 1))
  assert.equal(
    (await read({ session: 'even' }, 33)).filter((n) => n < 1000),
    down(398, 2),
  )
  assert.equal(await read({ level: 'error' }, 7), down(390, 10))
  assert.equal(await readLog(place, { session: 'nobody', limit: 5 }), { entries: [], before: null })
  assert.equal(await readLog(folder(), { limit: 5 }), { entries: [], before: null })
})

log.run()
