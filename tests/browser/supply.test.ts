/** What browsers are sent holds no secret and no way back to the source: pages' scripts, the widget, public files, and pages themselves. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../kit/browser'
import { held } from '../kit/guarantee'
import { readSite } from '../kit/site'
import { plantedSecrets, secretsIn } from '../rules/kit/secrets'

/** Names of settings that only servers read: where one is, the file that reads them was sent, too. */
const settings =
  /LINGXI_(AUTH_SECRET|TOKEN_SECRET|KEK|APP_URL|SYSTEM_URL|OWNER_URL)|STRIPE_(SECRET_KEY|WEBHOOK_SECRET)|SMTP_URL|DATABASE_URL/
/** What the tests' own installation was started with. */
const ours = /sk_test_browser|whsec_browser/

const faultsOf = (text: string): string[] => [
  ...secretsIn(text),
  ...(settings.test(text) ? ['names a setting of the server'] : []),
  ...(ours.test(text) ? ["holds the installation's own key"] : []),
  ...(/sourceMappingURL=|"mappings":"/.test(text) ? ['leads to a source map'] : []),
]

test('nothing secret is sent to browsers @hard', async ({ request }) => {
  const { site } = readSite()
  const files = ['.next/static', 'public'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name)),
  )
  expect(files.filter((path) => path.endsWith('.map'))).toEqual([])
  const texts = files.filter((path) => /\.(js|css|html|json|svg|txt)$/.test(path))
  expect(texts.length).toBeGreaterThan(40)
  expect(texts.flatMap((path) => faultsOf(readFileSync(path, 'utf8')).map((fault) => `${path} ${fault}`))).toEqual([])
  const pages = [
    '/',
    '/pricing',
    '/sign-in',
    '/sign-up',
    '/reset',
    '/status',
    '/demo/shop',
    '/api/health',
    '/api/ready',
    '/api/metrics',
    '/none',
  ]
  for (const page of pages) expect(faultsOf(await (await request.get(site + page)).text()), page).toEqual([])
  // Nothing beside the built files can be asked for.
  for (const path of [
    '/.env',
    '/package.json',
    '/_next/static/../server/middleware-manifest.json',
    '/_next/static/%2e%2e/build-manifest.json',
    '/widget/../../package.json',
    '/data/secrets.json',
    '/.git/config',
  ]) {
    const answer = await request.get(site + path)
    expect(answer.status(), path).toBe(404)
  }
  for (const planted of plantedSecrets) expect(faultsOf(`x=1;${planted};`)).toHaveLength(1)
  expect(faultsOf('process.env.LINGXI_KEK //# sourceMappingURL=x.js.map')).toHaveLength(2)
  held(
    '9 secrets in what browsers get',
    `${texts.length} files and ${pages.length} pages: 0, no source map; ${plantedSecrets.length} planted were found`,
  )
})
