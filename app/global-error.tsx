/** The last resort, when even the page around every page failed: plain words without any provider. */
'use client'

import en from '@/lib/words/en/fallback.json'
import zh from '@/lib/words/zh-CN/fallback.json'

export default function GlobalError() {
  const chinese = typeof navigator !== 'undefined' && navigator.language.startsWith('zh')
  const words = chinese ? zh : en
  return (
    <html lang={chinese ? 'zh-CN' : 'en'}>
      <body>
        <main>
          <h1>{words.title}</h1>
          <button type="button" onClick={() => window.location.reload()}>
            {words.retry}
          </button>
        </main>
      </body>
    </html>
  )
}
