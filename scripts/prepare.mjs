// Makes a fresh clone ready to run: checks Node, installs what is missing. Plain old JavaScript (no `??`, no
// await outside functions, no `node:`), so that an old Node can read it and say that it is old.
import { spawnSync } from 'child_process'
import { existsSync, readFileSync, statSync } from 'fs'
import path from 'path'
import { fileURLToPath } from 'url'

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/**
 * Hands over to TypeScript once all is there. `use` imports the module and runs it.
 * @param {() => Promise<number>} use gives the exit code.
 */
export async function run(use) {
  prepare()
  const { register } = await import('tsx/esm/api')
  // Without it tsx takes the tsconfig.json of wherever the person stands.
  register({ tsconfig: path.join(project, 'tsconfig.json') })
  process.exitCode = await use()
}

function prepare() {
  refuseOldNode()
  if (isInstalled()) return
  if (!has('c++') && !has('g++') && !has('clang++')) {
    fail(
      'Cutroom: there is no C++ compiler, and SQLite needs one once. Install one (Debian: apt-get install g++ make python3; macOS: xcode-select --install) and start again.',
    )
  }
  console.error('Cutroom: installing what is missing. SQLite compiles for about a minute.')
  const npm = process.env.npm_execpath
  const [command, args] = npm && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []]
  // What npm says belongs on stderr: stdout is for what the command itself has to say.
  const { status, error } = spawnSync(
    command,
    [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: project,
      env: withHeaders(process.env),
      stdio: ['ignore', 2, 2],
    },
  )
  if (error)
    fail(`Cutroom: npm cannot be started (${error.message}). Install it beside Node and start again.`)
  if (status !== 0)
    fail('Cutroom: npm could not install the packages; its own words are above. Mend that and start again.')
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 20)) return
  fail(
    `Cutroom: this is Node ${process.versions.node}; 20.20 or newer is needed. Install it from nodejs.org or your system's packages.`,
  )
}

/** npm writes its own lockfile into node_modules at the end of every install: older than ours means stale. */
function isInstalled() {
  const done = path.join(project, 'node_modules/.package-lock.json')
  if (
    !existsSync(done) ||
    !existsSync(path.join(project, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'))
  )
    return false
  if (statSync(done).mtimeMs >= statSync(path.join(project, 'package-lock.json')).mtimeMs) return true
  return sameVersions(done)
}

/** A checkout touches files without changing them; only a package that differs asks for an install. */
function sameVersions(done) {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  const [ours, theirs] = [read(path.join(project, 'package-lock.json')), read(done)]
  return Object.entries(ours).every(
    ([name, { version, optional }]) =>
      name === '' || optional || (theirs[name] !== undefined && theirs[name].version === version),
  )
}

function has(program) {
  return (process.env.PATH || '')
    .split(path.delimiter)
    .some((folder) => folder && existsSync(path.join(folder, program)))
}

/** Node's own headers, where they lie beside it, spare node-gyp a download. */
function withHeaders(env) {
  const beside = path.resolve(path.dirname(process.execPath), '..')
  const there = existsSync(path.join(beside, 'include/node/node.h'))
  return there && !env.npm_config_nodedir ? { ...env, npm_config_nodedir: beside } : env
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
