// `npm start`: serves; from `dist` where that was built of the very source that lies here, else from the source,
// for which what is missing is installed first.
import { existsSync, readdirSync, statSync } from 'fs'
import { createRequire } from 'module'
import path from 'path'
import { fileURLToPath } from 'url'

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const built = path.join(project, 'dist', 'built.json')

process.argv.splice(2, 0, 'serve')
if (isFresh()) createRequire(import.meta.url)('../dist/cutroom.cjs')
else import('./cutroom.mjs')

/** A folder is as young as the last file that came or went. */
function isFresh() {
  if (!existsSync(built)) return false
  const { mtimeMs } = statSync(built)
  const isOlder = (file) => statSync(file).mtimeMs <= mtimeMs
  return ['server', 'workers', 'templates', 'static', 'db', 'package.json', 'package-lock.json']
    .map((name) => path.join(project, name))
    .every((place) => isOlder(place) && (!statSync(place).isDirectory() || namesIn(place).every(isOlder)))
}

function namesIn(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name))
}
