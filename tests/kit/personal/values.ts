/** Things that say who somebody is, one maker per kind, in the writings that people use. */
import type { Random } from '@/models/train/random'
import { card, digits, grouped, iban, pick, resident, signs } from './digits'

const small = 'abcdefghijklmnopqrstuvwxyz'
const hex = '0123456789abcdef'
const mixed = `${small}ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789`
/** A random run that has a digit, a small and a capital letter, as issued keys have. */
const token = (random: Random, count: number): string => {
  for (;;) {
    const made = signs(random, count, mixed)
    if (/\d/.test(made) && /[a-z]/.test(made) && /[A-Z]/.test(made)) return made
  }
}

export const given =
  'Anna Robert Lucia Marek Priya Tom Elena Julia Hugo Grace Sarah Mohammed Chloe Oliver Sofia Daniel Emma Liam Fatima Yusuf Ingrid Pedro Nadia Kevin Laura Hannah Dmitri Aisha Carlos Emily Rachel Simon Bjorn Isabella Wei Akira Tomasz Michelle Patrick Samantha Ahmed Fred Claire Zoe'.split(
    ' ',
  )
export const family =
  'Lindqvist Hale Ortega Novak Raman Becker Petrova Brandt Martin Kim Smith Okafor Dubois Haddad Sørensen Müller Kowalski Rossi Tanaka Nguyen Fernandez Whitfield Ashworth Larsen Bianchi Delacroix Hoffmann Abernathy Vasquez Chowdhury MacLeod Steinberg Gallagher Yamamoto Kaplan'.split(
    ' ',
  )
const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严'
const secondSigns = '小晓文建海静雅志明丽子思雨梓佳俊欣宇浩国秀玉淑桂春美嘉诗若天一永振立'
const lastSigns = '明芳伟娜强军杰涛超霞平刚辉英华玲飞鹏琳婷雪峰怡然轩涵彤妍琪阳慧敏燕凯斌磊倩颖'

export const chineseName = (random: Random): string => {
  const surname = random.below(25) ? pick(random, [...surnames]) : pick(random, ['欧阳', '司马', '上官', '诸葛'])
  return surname + (random.below(3) ? pick(random, [...secondSigns]) : '') + pick(random, [...lastSigns])
}

export const englishName = (random: Random): string => {
  const first = pick(random, given)
  const last = pick(random, family)
  return pick(random, [
    first,
    `${first} ${last}`,
    `${first} ${last}`,
    `${first} ${signs(random, 1, 'ABCDEFGHJKLMR')}. ${last}`,
  ])
}

function englishPhone(random: Random): string {
  const area = `${2 + random.below(8)}${digits(random, 2)}`
  const office = `${2 + random.below(8)}${digits(random, 2)}`
  const line = digits(random, 4)
  const mobile = `7${4 + random.below(6)}${digits(random, 8)}`
  const german = `1${5 + random.below(3)}${digits(random, 8)}`
  return pick(random, [
    `(${area}) ${office}-${line}`,
    `(${area})${office}-${line}`,
    `${area}-${office}-${line}`,
    `${area}.${office}.${line}`,
    `${area} ${office} ${line}`,
    `1-${area}-${office}-${line}`,
    `1 (${area}) ${office}-${line}`,
    `+1 ${area} ${office} ${line}`,
    `+1${area}${office}${line}`,
    `+44 ${grouped(mobile, [4, 6], ' ')}`,
    `+44 (0)${grouped(mobile, [4, 6], ' ')}`,
    `0${grouped(mobile, [4, 6], ' ')}`,
    `0${mobile}`,
    `0044${mobile}`,
    `0044 ${grouped(mobile, [4, 6], ' ')}`,
    `0049 ${grouped(german, [3, 7], ' ')}`,
    `+49 ${grouped(german, [3, 7], ' ')}`,
    `0${grouped(german, [3, 7], ' ')}`,
    `020 7946 ${digits(random, 4)}`,
    `0161 496 ${digits(random, 4)}`,
    `+33 6 ${grouped(digits(random, 8), [2, 2, 2, 2], ' ')}`,
    `06 ${grouped(digits(random, 8), [2, 2, 2, 2], ' ')}`,
    `+61 4${digits(random, 2)} ${digits(random, 3)} ${digits(random, 3)}`,
    `+91 9${digits(random, 4)} ${digits(random, 5)}`,
    `+86 13${digits(random, 1)} ${grouped(digits(random, 8), [4, 4], ' ')}`,
  ])
}

function chinesePhone(random: Random): string {
  const plain = `1${3 + random.below(7)}${digits(random, 9)}`
  const city = pick(random, ['010', '021', '0755', '0571', '028', '027', '020'])
  const local = `${2 + random.below(7)}${digits(random, 7)}`
  return pick(random, [
    plain,
    plain,
    grouped(plain, [3, 4, 4], ' '),
    grouped(plain, [3, 4, 4], '-'),
    grouped(plain, [3, 3, 5], ' '),
    `+86 ${grouped(plain, [3, 4, 4], ' ')}`,
    `+86${plain}`,
    `0086${plain}`,
    `86-${plain}`,
    `(+86)${plain}`,
    `${city}-${local}`,
    `${city}${local}`,
    `(${city})${local}`,
    `${city} ${local}`,
    `400-${digits(random, 3)}-${digits(random, 4)}`,
  ])
}

function email(random: Random): string {
  const name =
    `${pick(random, given)}${pick(random, ['.', '_', '', '-'])}${pick(random, family).replace(/[^a-z]/gi, 'o')}`.toLowerCase()
  const host = pick(random, [
    'example.com',
    'mail.example.org',
    'shop-example.co.uk',
    'qq.com',
    '163.com',
    'example.com.cn',
    'gmail.com',
  ])
  return pick(random, [
    `${name}@${host}`,
    `${name}${digits(random, 2)}@${host}`,
    `${name}+shop@${host}`,
    `${digits(random, 9)}@qq.com`,
    `${name}@${host}`.toUpperCase(),
    `${name} at ${host.replaceAll('.', ' dot ')}`,
    `${name}(at)${host.replaceAll('.', '(dot)')}`,
    `${name}[at]${host}`,
  ])
}

function ip(random: Random): string {
  const octet = () => random.below(256)
  const group = () => signs(random, 1 + random.below(4), hex)
  return pick(random, [
    `${1 + random.below(254)}.${octet()}.${octet()}.${octet()}`,
    `${1 + random.below(9)}.${octet()}.${octet()}.${octet()}`,
    `192.168.${octet()}.${octet()}`,
    `10.${octet()}.${octet()}.${octet()}`,
    `fe80::${1 + random.below(9)}`,
    `2a02::${group()}`,
    `2001:db8:${group()}:${group()}::${group()}`,
    Array.from({ length: 8 }, () => signs(random, 4, hex)).join(':'),
  ])
}

/** The shapes that issuers document. */
const keys: readonly ((random: Random) => string)[] = [
  (random) => `sk_live_${token(random, 24)}`,
  (random) => `rk_live_${token(random, 24)}`,
  (random) => `sk-proj-${token(random, 40)}`,
  (random) => `ghp_${token(random, 36)}`,
  (random) => `github_pat_${token(random, 40)}`,
  (random) => `glpat-${token(random, 20)}`,
  (random) => `AKIA${signs(random, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  (random) => `LTAI${token(random, 20)}`,
  (random) => `AKID${token(random, 32)}`,
  (random) => `xoxb-${digits(random, 12)}-${token(random, 24)}`,
  (random) => `AIza${token(random, 35)}`,
  (random) => `npm_${token(random, 36)}`,
  (random) => `hf_${token(random, 34)}`,
  (random) => `SG.${token(random, 22)}.${token(random, 43)}`,
  (random) => `shpat_${signs(random, 32, hex)}`,
  (random) => `ya29.${token(random, 60)}`,
  (random) => `AC${signs(random, 32, hex)}`,
  (random) => `whsec_${token(random, 32)}`,
  (random) => `eyJ${token(random, 20)}.eyJ${token(random, 30)}.${token(random, 43)}`,
]

export const key = (random: Random): string => pick(random, keys)(random)
export const opaque = (random: Random): string =>
  pick(random, [
    token(random, 16),
    token(random, 32),
    signs(random, 32, hex),
    `${token(random, 12)}-${token(random, 8)}`,
  ])

const places = [
  '北京市朝阳区',
  '上海市浦东新区',
  '广东省深圳市南山区',
  '浙江省杭州市西湖区',
  '成都市武侯区',
  '江苏省南京市鼓楼区',
  '武汉市洪山区',
  '',
]
const streets = [
  '建国路',
  '世纪大道',
  '文三路',
  '人民南路',
  '中山北路',
  '珞喻路',
  '解放大道',
  '长安街',
  '科技园路',
  '漕溪北路',
]

function chineseAddress(random: Random): string {
  const number = 1 + random.below(2_000)
  const street = `${pick(random, places)}${pick(random, streets)}${number}号`
  return pick(random, [
    street,
    `${street}${1 + random.below(20)}栋${1 + random.below(5)}单元${101 + random.below(2_000)}室`,
    `${street}${pick(random, ['阳光大厦', '丽景花园', '恒隆广场'])}${101 + random.below(2_000)}室`,
    `${pick(random, ['阳光花园', '翠湖小区', '锦绣家园', '幸福新村'])}${1 + random.below(30)}栋${1 + random.below(5)}单元${101 + random.below(900)}`,
    `${pick(random, places)}${pick(random, ['王家村', '柳树镇东河村'])}${1 + random.below(300)}号`,
  ])
}

function englishAddress(random: Random): string {
  const number = `${1 + random.below(999)}${random.below(5) ? '' : pick(random, ['A', 'B'])}`
  const street = pick(random, [
    'Baker Street',
    'Old Mill Lane',
    'Elm St',
    'Harbour View Road',
    'Pennsylvania Avenue',
    'Kings Rd',
    'Sunset Blvd',
    'Rose Crescent',
    'Station Terrace',
    'Park Ave',
    'Queens Drive',
    'Meadow Close',
  ])
  return pick(random, [
    `${number} ${street}`,
    `${number} ${street}, Apt ${1 + random.below(60)}B`,
    `Flat ${1 + random.below(40)}, ${number} ${street}`,
    `PO Box ${10 + random.below(9_000)}`,
    `P.O. Box ${10 + random.below(9_000)}`,
    `${pick(random, ['Lindenstraße', 'Hauptstrasse', 'Goethestr.', 'Mozartgasse'])} ${1 + random.below(200)}`,
  ])
}

/** Kinds whose writing depends on the language have two makers. */
export const makers = {
  en: {
    card,
    iban,
    resident_id: resident,
    phone: englishPhone,
    email,
    ip,
    key,
    opaque,
    address: englishAddress,
    name: englishName,
  },
  zh: {
    card,
    iban,
    resident_id: resident,
    phone: chinesePhone,
    email,
    ip,
    key,
    opaque,
    address: chineseAddress,
    name: chineseName,
  },
} as const
