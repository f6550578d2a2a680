// Pool threads start here: tsx's own loader does not reliably reach a worker thread on Node 20.
import { fileURLToPath } from 'node:url'
import { tsImport } from 'tsx/esm/api'

const tsconfig = fileURLToPath(new URL('../tsconfig.json', import.meta.url))
export default (await tsImport('./worker.ts', { parentURL: import.meta.url, tsconfig })).default
