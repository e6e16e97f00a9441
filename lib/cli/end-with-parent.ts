/** Preloaded into every child process: when the supervisor is gone, however it went, the child drains and ends too. */

process.on('disconnect', () => {
  // The same way out as an ordinary stop …
  process.kill(process.pid, 'SIGTERM')
  // … and a certain one should draining hang.
  setTimeout(() => process.exit(1), 6_000).unref()
})
// The channel alone must not keep a finished program alive.
process.channel?.unref()
