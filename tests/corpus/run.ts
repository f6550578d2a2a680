/**
 * `npm run corpus`: takes every odd or hostile input through the whole archive, with each ffmpeg there is.
 */

import { parseArgs } from 'node:util'
import { corpus } from './corpus.ts'
import { archiveAll, type Whole } from './whole.ts'
import { bundledFfmpeg, findTools } from '../../workers/tools.ts'

const usage = `npm run corpus -- [WORD …] [--build bundled|path]
  Only inputs whose name contains one of the words; with both ffmpeg builds unless one is named.`

const { positionals: words, values } = parseArgs({
  options: { build: { type: 'string' }, help: { type: 'boolean' } },
  allowPositionals: true,
})

const line = ({ name, end, said, complaints }: Whole) =>
  [
    complaints.length > 0 ? 'WRONG' : 'ok   ',
    end.padEnd(9),
    JSON.stringify(name),
    said,
    ...complaints.map((complaint) => `<- ${complaint}`),
  ].join(' ')

/** @returns whether all came out as they should. */
async function campaign(ffmpeg: string | undefined): Promise<boolean> {
  const tools = await findTools(ffmpeg, 2, process.env.PATH)
  console.log(`\nffmpeg ${tools.version}`)
  const began = performance.now()
  const chosen = corpus.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
  const { ended, touched, errors } = await archiveAll(chosen, tools, (whole) => console.log(line(whole)))
  for (const trouble of [...touched, ...errors]) console.log('WRONG', trouble)
  const count = (end: string) => ended.filter((whole) => whole.end === end).length
  const wrong = ended.filter(({ complaints }) => complaints.length > 0).length
  console.log(
    `${ended.length} inputs: ${count('completed')} archived, ${count('failed') + count('refused')} refused in words, ${wrong} wrong, ` +
      `${touched.length} touched outside, in ${Math.round((performance.now() - began) / 1000)} s.`,
  )
  return wrong + touched.length + errors.length === 0
}

if (values.help) console.log(usage)
else {
  const builds = { bundled: bundledFfmpeg(), path: undefined }
  for (const [name, ffmpeg] of Object.entries(builds))
    if ((values.build ?? name) === name && !(await campaign(ffmpeg))) process.exitCode = 1
}
