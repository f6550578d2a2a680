// Plays many browsers for the bench of the event stream, in a process of its own: `URL COUNT`. Says `ready` to its
// parent when all are connected; told anything, it answers with what each heard and how late, in ms.
import http from 'node:http'
import { performance } from 'node:perf_hooks'

const [url, count] = process.argv.slice(2)
const delays = []
let ready = 0

for (let index = 0; index < Number(count); index++) {
  http.get(url, { agent: false }, (response) => {
    let rest = ''
    response.setEncoding('utf8')
    response.on('data', (text) => {
      const messages = (rest + text).split('\n\n')
      rest = messages.pop() ?? ''
      for (const message of messages) {
        const at = /at=([\d.]+)/.exec(message)
        if (at) delays.push(performance.timeOrigin + performance.now() - Number(at[1]))
      }
    })
    if (++ready === Number(count)) process.send?.('ready')
  })
}

process.on('message', () => {
  delays.sort((a, b) => a - b)
  const at = (share) => delays[Math.floor(delays.length * share)] ?? null
  process.send?.({ messages: delays.length, p99: at(0.99) }, () => process.exit())
})
