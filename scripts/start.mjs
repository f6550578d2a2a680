// `npm start`: installs what is missing, migrates, serves.
process.argv.splice(2, 0, 'serve')
import('./cutroom.mjs')
