/** The browser tests' own `test`: what a page's content policy has to stop, and a word that a page lacks, fail the test they happened in, in whichever window. */
import { type BrowserContext, test as base, expect } from '@playwright/test'

interface Options {
  /** `expected` where a test shows that the policy stops something. */
  policyReports: 'none' | 'expected'
  /** `odd` where a test answers pages with names of words that nobody wrote. */
  wordNames: 'known' | 'odd'
}
interface PerTest {
  reportsOfThisTest: undefined
}
interface Heard {
  /** What a policy stopped. */
  stopped: string[]
  /** Words that were asked for and not given: the page shows their keys. */
  wordless: string[]
}
interface PerWorker {
  /** Everything since the last test ended; windows that `beforeAll` opened are heard, too. */
  watch: Heard
}

export const test = base.extend<Options & PerTest, PerWorker>({
  policyReports: ['none', { option: true }],
  wordNames: ['known', { option: true }],
  watch: [
    async ({ browser }, use) => {
      const heard: Heard = { stopped: [], wordless: [] }
      const listen = (context: BrowserContext) =>
        context.on('console', (message) => {
          // What browsers say of themselves; a page's own words about policies are no errors.
          if (message.type() !== 'error') return
          const report = `${message.page()?.url()}: ${message.text()}`
          if (/Content Security Policy|Trusted Type/.test(message.text())) heard.stopped.push(report)
          if (/(MISSING|INVALID)_MESSAGE|FORMATTING_ERROR/.test(message.text())) heard.wordless.push(report)
        })
      browser.contexts().forEach(listen)
      browser.on('context', listen)
      await use(heard)
    },
    { scope: 'worker', auto: true },
  ],
  reportsOfThisTest: [
    async ({ watch, policyReports, wordNames }, use) => {
      await use(undefined)
      const reports = watch.stopped.splice(0)
      const wordless = watch.wordless.splice(0)
      if (wordNames === 'known') expect(wordless, 'words that a page lacks').toEqual([])
      if (policyReports === 'none') expect(reports, 'what the content policy had to stop').toEqual([])
      else expect(reports.length, 'a test that says its policy stops something').toBeGreaterThan(0)
    },
    { auto: true },
  ],
})
