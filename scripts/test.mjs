// `npm test`: installs what is missing and runs the whole suite, or the files whose path contains a given word.
import { prepare } from './prepare.mjs'

prepare()
const { register } = await import('tsx/esm/api')
register()
const { runTests } = await import('./run_tests.ts')
process.exitCode = await runTests(process.argv.slice(2))
