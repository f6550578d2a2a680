/**
 * Starts the built program, with its code compiled already where it was compiled before.
 */

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

/** Where the program lies in the folder that `npm run build` makes. */
const program = path.join('server', 'main.cjs')

/** V8's compiled form of the program, for the very Node that wrote it; any other ignores it. */
const compiled = (file: string) => `${file}.compiled`

interface Program {
  main(args: string[]): Promise<number>
}

/**
 * Runs the program of a built folder with the words of the command line.
 * @param folder what `npm run build` made.
 * @param home where `data` lies unless a person says otherwise.
 */
export async function launch(folder: string, home: string): Promise<void> {
  process.env.CUTROOM_HOME ??= home
  const file = path.join(folder, program)
  const { script, exports } = load(file)
  // The build lets the program run once for this: only what ran is compiled.
  if (process.env.CUTROOM_COMPILE) process.once('exit', () => keep(compiled(file), script.createCachedData()))
  process.exitCode = await exports.main(process.argv.slice(2))
}

/** What `require` would do, which in Node 20 takes no compiled code. */
function load(file: string): { script: vm.Script; exports: Program } {
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname']
  const source = `(function (${parameters.join(', ')}) {${readFileSync(file, 'utf8')}\n})`
  const cache = compiled(file)
  const script = new vm.Script(source, {
    filename: file,
    ...(existsSync(cache) && { cachedData: readFileSync(cache) }),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} as Program }
  const run = script.runInThisContext() as (...values: unknown[]) => void
  run(module.exports, createRequire(file), module, file, path.dirname(file))
  return { script, exports: module.exports }
}

function keep(file: string, data: Uint8Array): void {
  writeFileSync(`${file}.new`, data)
  renameSync(`${file}.new`, file)
}
