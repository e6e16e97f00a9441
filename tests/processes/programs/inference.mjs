/** Stands in for the inference process: listens where it was told, and shows what it was told. */
import { createServer } from 'node:http'

const port = Number(process.env.LINGXI_INFERENCE_PORT)
createServer((_request, response) => response.end(JSON.stringify({ ...process.env, TEST_PID: process.pid }))).listen(
  port,
  '127.0.0.1',
  () => console.log(JSON.stringify({ listening: port })),
)
