/** Where a script of somebody else would be noticed: calls, dialogs, asked canaries, reports of the policy, and markup itself. */
import type { BrowserContext, Page } from '@playwright/test'
import type { Payload, Place } from './payloads'

export interface Trap {
  /** Numbers of the payloads that ran. */
  fired: Set<string>
  /** Dialogs, asked canaries. */
  noticed: string[]
  /** What the content policy had to stop. */
  reports: string[]
}

/** Sets the trap in every frame of every page of the context. */
export async function setTrap(context: BrowserContext): Promise<Trap> {
  const trap: Trap = { fired: new Set(), noticed: [], reports: [] }
  await context.exposeFunction('__fired', (id: unknown) => void trap.fired.add(String(id)))
  await context.exposeFunction('__reported', (report: string) => void trap.reports.push(report))
  await context.addInitScript(() => {
    const { __reported: report } = window as unknown as { __reported(text: string): void }
    document.addEventListener('securitypolicyviolation', (event) =>
      report(`${location.pathname}: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    )
  })
  context.on('dialog', (dialog) => {
    trap.noticed.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await context.route('**/__canary*', (route) => {
    trap.noticed.push(`asked ${route.request().url()}`)
    return route.abort()
  })
  return trap
}

/** Elements with handlers in their markup, and addresses of other kinds than those that people press. */
export const foundMarkup = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const walk = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
          if (/^on/i.test(name)) found.push(`${element.tagName} ${name}`)
          if (!/^(href|src|action|formaction|data|xlink:href|srcdoc|poster)$/i.test(name)) continue
          const pressed = element.tagName === 'A'
          const kind = URL.canParse(value, location.href) ? new URL(value, location.href).protocol : 'none:'
          const known = pressed ? /^(https?|mailto|tel):$/ : /^(https?|data|blob|about):$/
          if (!known.test(kind) || name === 'srcdoc') found.push(`${element.tagName} ${name}=${value.slice(0, 80)}`)
        }
        if (element.shadowRoot) walk(element.shadowRoot)
      }
    }
    walk(document)
    return found
  })

/** How a text comes to run at each place: what a page does that takes it for more than a text. */
const mistakes: Record<Place, (text: string) => string> = {
  html: (text) => text,
  double: (text) => `<input value="${text}">`,
  single: (text) => `<input value='${text}'>`,
  bare: (text) => `<input value=${text}>`,
  address: (text) => `<iframe src="${text.replace(/"/g, '&quot;')}"></iframe>`,
  script: (text) => `<script>const said = "${text}"</script>`,
  twice: (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'),
  percent: (text) => decodeURIComponent(text),
  folded: (text) => text.normalize('NFKC'),
}

/**
 * Runs them where nothing protects: the control. Handlers that wait for a person are called.
 * @param quietly by innerHTML, which leaves out <script>: `strict-dynamic` trusts what a page's own script adds
 */
export async function runRaw(page: Page, all: readonly Payload[], quietly = false): Promise<void> {
  await page.evaluate(
    async ({ texts, quietly }) => {
      const pause = () => new Promise((done) => setTimeout(done, 0))
      for (const [at, text] of texts.entries()) {
        const holder = document.createElement('div')
        document.body.append(holder)
        try {
          if (quietly) holder.innerHTML = text
          else holder.append(document.createRange().createContextualFragment(text))
        } catch {}
        for (const element of holder.querySelectorAll('*')) {
          for (const { name } of [...element.attributes])
            if (/^on/i.test(name)) element.dispatchEvent(new Event(name.slice(2).toLowerCase()))
          if (element instanceof HTMLButtonElement) element.click()
        }
        if (at % 50 === 49) await pause()
      }
      await new Promise((done) => setTimeout(done, 500))
    },
    { texts: all.map(({ place, text }) => mistakes[place](text)), quietly },
  )
}
