/** Shows training progress: a bar that redraws on a terminal, nothing elsewhere. */
const WIDTH = 28

export function showProgress(phase: string, done: number, loss: number): void {
  if (!process.stderr.isTTY) return
  const filled = Math.round(done * WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  const share = `${Math.round(done * 100)} %`.padStart(5)
  process.stderr.write(`\r${phase.padEnd(12)} ${bar} ${share}  loss ${loss.toFixed(3)} ${done >= 1 ? '\n' : ''}`)
}
