/** The thinnest server of event streams: plain node:http that says hello and keeps the stream. A bound for `bench live`, not a product. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'

const server = http.createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('event: ready\ndata: {}\n\n')
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`)
})
process.once('SIGTERM', () => process.exit(0))
