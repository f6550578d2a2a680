/**
 * Holds the one connection that all tabs of a browser share: six is the most that a browser opens to one server, and a
 * tab each would use them up. It lives while a tab does.
 */

import { openLine } from './live_line.js'

const tabs = new BroadcastChannel('cutroom-live')
let line

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if ('hello' in data) greet(port, data.hello)
    if ('hurry' in data) line?.hurry()
  }
}

/** On its own port: what is told to all may come before a new tab hears it. */
function greet(port, after) {
  if (line) port.postMessage(line.now())
  else line = openLine(after, (message) => tabs.postMessage(message))
}
