#!/usr/bin/env node
// The shell command: makes sure that all is installed, then hands over to server/cli/main.ts.
import { run } from './prepare.mjs'

run(() => import('../server/cli/main.ts').then(({ main }) => main(process.argv.slice(2))))
