// Pool threads start here: tsx's own loader does not reliably reach a worker thread on Node 20.
import { tsImport } from 'tsx/esm/api'

export default (await tsImport('./worker.ts', import.meta.url)).default
