/** The process that does what need not happen before an answer: jobs, late labels, mails, clean-up. */
import { runJobs } from '../flows/jobs'
import { createServices } from '../start'

async function main(): Promise<void> {
  const started = createServices('worker')
  const jobs = await runJobs(started)
  started.log.info('working')
  const stop = async () => {
    await jobs.stop()
    await started.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(1)
})
