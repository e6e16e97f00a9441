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
        <main className="grid min-h-dvh place-content-center justify-items-center gap-3 p-6 text-center">
          <h1 className="text-lg">{words.title}</h1>
          <button type="button" className="btn btn-plain" onClick={() => window.location.reload()}>
            {words.retry}
          </button>
        </main>
      </body>
    </html>
  )
}
