/** A password field whose signs can be shown. */
'use client'

import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { useTranslations } from 'next-intl'
import { type ComponentProps, useState } from 'react'
import { IconButton } from '@/app/_ui/button'
import { Input } from '@/app/_ui/input'

/** `tall` for the forms that stand alone on a page. */
export function PasswordInput({ tall, ...props }: ComponentProps<'input'> & { tall?: boolean }) {
  const t = useTranslations('identity.field')
  const [shown, setShown] = useState(false)
  return (
    <span className="relative block">
      <Input
        {...props}
        type={shown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="none"
        className={tall ? 'h-10 pe-10 text-base' : 'pe-10'}
      />
      <IconButton
        label={t(shown ? 'hide' : 'show')}
        aria-pressed={shown}
        size="small"
        className="absolute end-1 top-1/2 -translate-y-1/2"
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </IconButton>
    </span>
  )
}
