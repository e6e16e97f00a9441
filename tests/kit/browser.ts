/** The browser tests' own `test`: what a page's content policy has to stop, in whichever window of the browser, fails the test it happened in. */
import { type BrowserContext, test as base, expect } from '@playwright/test'

interface Options {
  /** `expected` where a test shows that the policy stops something. */
  policyReports: 'none' | 'expected'
}
interface PerTest {
  reportsOfThisTest: undefined
}
interface PerWorker {
  /** Everything that a policy stopped since the last test ended; windows that `beforeAll` opened are heard, too. */
  policyWatch: string[]
}

export const test = base.extend<Options & PerTest, PerWorker>({
  policyReports: ['none', { option: true }],
  policyWatch: [
    async ({ browser }, use) => {
      const reports: string[] = []
      const listen = (context: BrowserContext) =>
        context.on('console', (message) => {
          // What browsers say of themselves; a page's own words about policies are no errors.
          if (message.type() === 'error' && /Content Security Policy|Trusted Type/.test(message.text()))
            reports.push(`${message.page()?.url()}: ${message.text()}`)
        })
      browser.contexts().forEach(listen)
      browser.on('context', listen)
      await use(reports)
    },
    { scope: 'worker', auto: true },
  ],
  reportsOfThisTest: [
    async ({ policyWatch, policyReports }, use) => {
      await use(undefined)
      const reports = policyWatch.splice(0)
      if (policyReports === 'none') expect(reports, 'what the content policy had to stop').toEqual([])
      else expect(reports.length, 'a test that says its policy stops something').toBeGreaterThan(0)
    },
    { auto: true },
  ],
})
