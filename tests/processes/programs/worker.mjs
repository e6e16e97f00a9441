/** Stands in for the worker: says that it runs, and refuses to end when told so, to prove that it is ended all the same. */
console.log('worker is up')
setInterval(() => undefined, 1_000)
process.on('SIGTERM', () => {
  if (process.env.TEST_STUBBORN !== '1') process.exit(0)
})
