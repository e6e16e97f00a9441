/** Names of files: they lead nowhere, hide nothing, and end as their kind does. */
import { expect, test } from 'vitest'
import { disposition, fileName } from '@/lib/features/attachments/names'

test.each([
  ['photo.PNG', 'png', 'photo.png'],
  ['IMG_2041.jpg', 'jpeg', 'IMG_2041.jpg'],
  ['破损的包裹.jpeg', 'jpeg', '破损的包裹.jpeg'],
  ['orders.csv', 'text', 'orders.csv'],
  // What it is counts, not what it is called.
  ['invoice.exe', 'pdf', 'invoice.exe.pdf'],
  ['page.html', 'text', 'page.html.txt'],
  ['photo.png', 'jpeg', 'photo.png.jpg'],
  ['../../etc/passwd', 'text', 'passwd.txt'],
  ['C:\\Users\\me\\notes.txt', 'text', 'notes.txt'],
  ['.htaccess', 'text', 'htaccess.txt'],
  // The sign between makes readers see "photoexe.png".
  ['photo\u202egnp.exe', 'png', 'photo gnp.exe.png'],
  ['a\r\nset-cookie: x.txt', 'text', 'a set-cookie x.txt'],
  ['', 'png', 'file.png'],
  ['...', 'pdf', 'file.pdf'],
  ['half \ud83d.png', 'png', 'half \ufffd.png'],
] as const)('%j as %s is %j', (given, kind, name) => {
  expect(fileName(given, kind)).toBe(name)
})

test('a long name keeps its end and is cut between signs', () => {
  const name = fileName(`${'😀'.repeat(200)}.png`, 'png')
  expect(name.length).toBeLessThan(130)
  expect(name.isWellFormed()).toBe(true)
  expect(name.endsWith('.png')).toBe(true)
})

test('the header of a download stays one header, and says the whole name', () => {
  expect(disposition('inline', "破损 (1) 'a'.png")).toBe(
    `inline; filename="__ (1) 'a'.png"; filename*=UTF-8''%E7%A0%B4%E6%8D%9F%20%281%29%20%27a%27.png`,
  )
  expect(disposition('attachment', 'a"b\\c.txt')).toBe(
    `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%5Cc.txt`,
  )
})
