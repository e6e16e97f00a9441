/** Stands in for the web server: stores a job under the caller's key, as the app role, and answers after the commit. */
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.LINGXI_APP_URL, max: 8 })
pool.on('error', () => undefined)

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://local')
  try {
    if (url.pathname === '/store') {
      const sql = "SELECT graphile_worker.add_job('kept', '{}', job_key => $1, run_at => now() + interval '1 day')"
      await pool.query(sql, [url.searchParams.get('key')])
      response.writeHead(201).end()
    } else if (url.pathname === '/keys') {
      const { rows } = await pool.query("SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'kept'")
      response.end(JSON.stringify(rows.map((row) => row.key)))
    } else if (url.pathname === '/environment') {
      response.end(JSON.stringify(process.env))
    } else if (url.pathname === '/slow') {
      setTimeout(() => response.end('done'), 1_500)
    } else if (url.pathname === '/crash') {
      process.exit(3)
    } else {
      response.end(JSON.stringify({ pid: process.pid }))
    }
  } catch (error) {
    response.writeHead(503).end(error.message)
  }
})
server.listen(Number(process.env.LINGXI_PORT), process.env.LINGXI_HOST)
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
