// `npm test`: installs what is missing and runs the whole suite, or the files whose path contains a given word.
import { run } from './prepare.mjs'

run(() => import('./run_tests.ts').then(({ runTests }) => runTests(process.argv.slice(2))))
