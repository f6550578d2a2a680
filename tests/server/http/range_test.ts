import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { answerTo, readRange } from '../../../server/http/range.ts'

const held = { bytes: 1000, etag: '"abc"', modified: Date.UTC(2026, 10, 20, 11, 0, 0, 250) }
const stamp = 'Fri, 20 Nov 2026 11:00:00 GMT'

const ask = (headers: Record<string, string>, method = 'GET') =>
  answerTo({ method, header: (name) => headers[name] }, held)

const ranges = suite('range')

ranges('one range is read in all its forms', () => {
  assert.equal(readRange('bytes=0-99', 1000), { start: 0, end: 99 })
  assert.equal(readRange('bytes=900-', 1000), { start: 900, end: 999 })
  assert.equal(readRange('bytes=-10', 1000), { start: 990, end: 999 })
  assert.equal(readRange('bytes=-5000', 1000), { start: 0, end: 999 })
  assert.equal(readRange('bytes=990-5000', 1000), { start: 990, end: 999 })
  assert.equal(readRange('Bytes = 1 - 1', 1000), { start: 1, end: 1 })
})

ranges('what cannot be read, and several at once, mean the whole', () => {
  for (const range of ['bytes=5-1', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6', 'bytes', ''])
    assert.is(readRange(range, 1000), null, range)
  assert.is(readRange(undefined, 1000), null)
})

ranges('what lies behind the end cannot be satisfied', () => {
  for (const range of ['bytes=1000-', 'bytes=1000-1001', `bytes=${'9'.repeat(400)}-`, 'bytes=-0'])
    assert.is(readRange(range, 1000), 'unsatisfiable', range)
  assert.is(readRange('bytes=0-', 0), 'unsatisfiable')
  assert.is(readRange('bytes=-1', 0), 'unsatisfiable')
  const { status, span, headers } = ask({ range: 'bytes=1000-' })
  assert.equal([status, span, headers['content-range']], [416, null, 'bytes */1000'])
})

ranges('a part says which part it is', () => {
  const { status, span, headers } = ask({ range: 'bytes=10-19' })
  assert.equal([status, span], [206, { start: 10, end: 19 }])
  assert.is(headers['content-range'], 'bytes 10-19/1000')
  assert.is(headers['content-length'], '10')
  assert.is(headers['accept-ranges'], 'bytes')
  assert.is(headers['last-modified'], stamp)
})

ranges('HEAD tells the whole length and ignores a range', () => {
  const { status, span, headers } = ask({ range: 'bytes=10-19' }, 'HEAD')
  assert.equal([status, span, headers['content-length']], [200, null, '1000'])
})

ranges('If-Range takes a part only of what the asker has begun with', () => {
  const range = 'bytes=10-19'
  for (const same of ['"abc"', stamp]) assert.is(ask({ range, 'if-range': same }).status, 206, same)
  for (const other of ['"abd"', 'W/"abc"', 'Fri, 20 Nov 2026 10:59:59 GMT', 'nonsense'])
    assert.is(ask({ range, 'if-range': other }).status, 200, other)
})

ranges('what the asker has already is not sent again', () => {
  for (const tag of ['"abc"', 'W/"abc"', '"x", "abc"', '*'])
    assert.equal(
      [ask({ 'if-none-match': tag }).status, ask({ 'if-none-match': tag }, 'HEAD').status],
      [304, 304],
    )
  assert.is(ask({ 'if-none-match': '"abd"' }).status, 200)
  assert.is(ask({ 'if-modified-since': stamp }).status, 304)
  assert.is(ask({ 'if-modified-since': 'Fri, 20 Nov 2026 10:59:59 GMT' }).status, 200)
  assert.is(ask({ 'if-modified-since': 'nonsense' }).status, 200)
  const both = { 'if-none-match': '"abd"', 'if-modified-since': stamp }
  assert.is(ask(both).status, 200)
  assert.is(ask({ 'if-none-match': '"abc"', range: 'bytes=10-19' }).status, 304)
})

ranges('an empty file has no body', () => {
  const empty = { ...held, bytes: 0 }
  const { status, span, headers } = answerTo({ method: 'GET', header: () => undefined }, empty)
  assert.equal([status, span, headers['content-length']], [200, null, '0'])
})

ranges.run()
