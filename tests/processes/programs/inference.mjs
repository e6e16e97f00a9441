/** Stands in for the inference process: listens where it was told, and shows what it was told and what it was asked. */
import { createServer } from 'node:http'

const port = Number(process.env.LINGXI_INFERENCE_PORT)
const asked = []
createServer(({ url }, response) => {
  const told = url === '/asked' ? asked : { ...process.env, TEST_PID: process.pid }
  response.end(JSON.stringify(told), () => asked.push(url))
}).listen(port, '127.0.0.1', () => console.log(JSON.stringify({ listening: port })))
