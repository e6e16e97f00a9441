/** Shows training progress: a bar that redraws on a terminal, nothing elsewhere. */
const WIDTH = 24

export function showProgress(phase: string, progress: { epoch: number; epochs: number; loss: number }): void {
  if (!process.stderr.isTTY) return
  const done = Math.round((progress.epoch / progress.epochs) * WIDTH)
  const bar = '█'.repeat(done) + '░'.repeat(WIDTH - done)
  const end = progress.epoch === progress.epochs ? '\n' : ''
  process.stderr.write(
    `\r${phase.padEnd(20)} ${bar} ${progress.epoch}/${progress.epochs} loss ${progress.loss.toFixed(3)} ${end}`,
  )
}
