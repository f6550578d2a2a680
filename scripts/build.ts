/**
 * `npm run build`: makes `dist/`, a folder that runs with plain node; with `--single` one executable, too.
 */

import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildFolder } from './build/folder.ts'
import { buildSingle } from './build/single.ts'

const project = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    single: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join(project, 'dist') },
  },
})
const folder = path.resolve(values.out)
await buildFolder(project, folder)
console.log(`${folder}: run it with node ${path.join(folder, 'cutroom.cjs')} serve`)
if (values.single) {
  const file = path.join(folder, 'cutroom')
  const bytes = await buildSingle(project, folder, file)
  console.log(`${file}: ${(bytes / 1e6).toFixed(0)} MB`)
}
