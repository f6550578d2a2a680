// `npm start`: installs what is missing, migrates, serves.
process.argv.splice(2, 0, 'serve')
await import('./cutroom.mjs')
