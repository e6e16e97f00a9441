/** Words that tell a name from what people say of themselves: given names, surnames, and what is no name after "I am" or 我是. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Given names, in many languages, that are hardly ever another word. */
export const givenNames = set(`
aaron abdul abdullah abigail adam adrian agnes ahmad ahmed aisha akira alan albert alejandro alex alexander alexandra alfred ali alice alicia alina alison
allison amanda amelia amina amir amy ana anastasia andre andrea andreas andrew angela angelina anita ann anna anne annette annie anthony antonio arjun arthur
asha astrid audrey ayesha barbara beatrice ben benjamin bernard beth betty bjorn björn bob boris brandon brenda brian bridget bruno caleb camila carla carlos
carmen carol caroline catherine cathy cecilia charles charlie charlotte chen chiara chloe chris christian christina christine christopher chun cindy claire clara
claudia colin connor craig cristina cynthia daniel daniela danielle darren dave david deborah deepak denise dennis derek diana diego dimitri dmitri dmitry dominic
donald donna dorothy doug douglas duncan dylan ed eddie edward eileen elaine elena eleanor eli elias elisabeth elise eliza elizabeth ella ellen elsa emil emily
emma emmanuel eric erik erika erin ernest esther ethan eugene eva evan evelyn fabian fatima fatma felix fernando fiona florian frances francesca francesco
francis francisco françois frederick fred gabriel gabriela gareth gary gemma geoffrey george gerald gianni gina giovanni giulia gloria gordon graham greg gregory
greta guillaume gustav hamza hannah hans harriet harry hassan heather hector heidi helen helena henrik henry hiroshi hugo hui ian ibrahim igor imran ines ingrid
irene irina isaac isabel isabella isabelle ivan ivy jacob jacqueline jacques jake jakub james jamie jan jane janet janice jasmine jason javier jean jeff jeffrey
jenna jennifer jenny jeremy jerome jerry jesse jessica jiang jill jim jimmy jing joan joanna joe joel johan johannes john johnny jon jonas jonathan jorge jose josé
joseph josh joshua joyce juan judith judy julia julian julie juliette jun justin jürgen karen karim karin karl kate katherine kathleen kathryn kathy katie
katrin keith kelly ken kenneth kenji kevin kim kimberly kirsten klaus kofi kristina kumar kurt kyle lars laura lauren laurence lea leah lei lena leo leon leonard
leonardo leticia lewis liam lily lin linda lisa liu liz lorenzo louis louise luca lucas lucia lucy luis luisa lukas luke lydia magdalena malik manuel marc marcel
marco marcus marek margaret maria marie marina mario marion marta martha martin martina mary mateo matthew matthias maurice megan mehmet mei melanie melissa
mercedes michael michel michele michelle miguel mike mikhail milan ming mohamed mohammad mohammed moira monica monika monique muhammad mustafa nadia nancy naomi
natalia natalie natasha nathan nathaniel neil nicholas nick nicola nicolas nicole niels nigel nikolai nina noah nora norman oleg olga oliver olivia omar oscar oskar
otto owen pablo pamela paola paolo patricia patrick patrik paul paula pauline pedro peter petra phil philip philippe phillip pierre piotr priya qing rachel rafael
raj rajesh ralph ramon raul raymond rebecca renata rené ricardo richard rita rob robert roberta roberto robin rodrigo roger roland roman ronald rosa rosemary ross
rowan roy ruth ryan sabine sally sam samantha samir samuel sanjay sara sarah sasha scott sean sebastian sergei sergio seth shannon sharon sheila shirley sigrid
silvia simon simone siobhan sofia sonia sophia sophie stanley stefan stella stephanie stephen steve steven stuart sue susan susanna suzanne svetlana sven sylvia
takashi tamara tanya tara tariq teresa thomas tiffany tim timothy tina tobias todd tom tomas tomasz tommy tony tracy trevor tyler ulrich ulrike ursula valentina
valerie vanessa vera veronica vicky victor viktor vijay vincent virginia vivian vladimir walter wang wanda wei wendy wenjing william xavier xiang xiao xiaoming xin
yan yang yasmin ying yolanda yosef youssef yuki yusuf yvonne zachary zainab zara zhang zhao zoe zoë`)

/** Given names that are other words as well: with a capital only. */
export const wordNames = set(`
amber angel april art austin autumn bill carter chase chuck crystal daisy dawn dean destiny drew earl eve faith frank gene ginger grace grant guy harmony holly hope
hunter iris jack jordan joy jude june kai lance lane mark mason max may melody miles norm olive opal parker pat pearl penny ray reed rich rose ruby rusty sandy sky
sterling summer sunny victoria violet wade ward wayne will willow woody`)

/** No name after the words that lead to one; in any case of letters. */
export const notNames = set(`
a about absolutely account after again ago all almost already also although always am among an and another any anybody anyone anything app are as asking at
available away awful back bad bank be because been before being best better between big both box broken business but buyer by bye calling came can card cant change
changed charged client closed code company complete completely correct could customer customers day dear delivery did different different disappointed do does doing
done dont down due each either else email end enough error even ever every everyone everybody example exactly excellent extremely family far fed feeling fine first
folks for free from full fully furious getting glad go going good got great guys had half happy has have having he hello help her here hey hi him his home how however
i id if ill im impossible in incorrect info information inside interested into invoice is issue it item its just kind know last late later left less like little lol
long lost lot mad many maybe me mine misspelled misspelt missing more most much my name names near never new next nice nobody nonsense normal not nothing now number
of off offline ok okay old on once one online only open or order orders other our out over own paid parcel part payment people perfect person phone please pls plus
poor possible printed private problem product quick quite ready real really red refund regarding regards return right ridiculous sad safe same satisfied say second
seems seen sent service set several shame she shipping shop should showing sick simply sincerely since sir size so some somebody someone something soon sorry
spam spelled spelt spent staff still stuck such supposed sure surely system team terrible terribly than thank thanks that the their them then there these they thing
third this those though through thus time tired to today together tomorrow too total totally truly try trying two u unable unacceptable under unfair unhappy unsure
until up upset urgent us used user using usual useless value very via visa waiting want was way we well were what whatever when where whether which while who whoever
whom whose why will wish with within without wonderful worried worse worst would wow writing wrong yes yesterday yet you your yours
dutch french german greek swiss czech thai american english british canadian chinese madam ma'am manager agent support cheers word office excel teams paint access pepper martens
amazed angry annoyed appalled ashamed awake aware awesome bored busy careful clear cold confused curious cute dead deaf desperate disgusted disgusting drunk dumb early easy
fantastic frustrated frustrating funny grateful guilty hopeful horrible hungry insane keen lame livid loyal lucky nasty nervous outraged outrageous pathetic pissed
pleased pregnant proud reluctant rude scared shocked shocking speechless strange stupid super surprised thankful flight given shown details side thrilled unbelievable unclear unwell vegan vegetarian
wary weird absurd amazing brilliant crap garbage hopeless joke pointless robbery rubbish scam theft fraud
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
currently basically honestly literally pretty beyond afraid alone based willing unlikely likely allergic student owner member subscriber tourist pensioner`)

/** Nobody's name: what stands in the field of one, or before an @, and words that anybody may write. */
export const ordinaryWords = set(`
test tester testing user guest customer customers client clients visitor contact contacts admin administrator root shop store info support service services sales sale billing office team teams
company group gmbh ltd inc llc mail email hello webmaster postmaster noreply reply accounts orders student students school bank owner manager
return returns refund refunds payment payments pay care welcome marketing feedback card cards booking bookings reservation reservations tech technical technology help helpdesk desk
press media news newsletter legal privacy security abuse compliance finance accounting invoice invoices receipts jobs career careers hiring human resources people partner partners
partnership partnerships affiliate affiliates wholesale retail purchase purchases purchasing procurement supply supplier suppliers vendor vendors logistics delivery deliveries shipping shipment
shipments warehouse stock dispatch courier transport fleet export import production factory quality repair repairs warranty claim claims complaint complaints dispute disputes ticket tickets
case cases request requests enquiry enquiries inquiry inquiries question questions answer answers chat live bot robot assistant agent agents operator reception front home house hotel hostel
restaurant cafe coffee tea kitchen bar food drink menu table tables room rooms stay travel tour tours trip trips flight flights event events party ticketing member members membership loyalty
rewards club community forum education academy training course courses learning teacher library lab labs research studio design designer designs creative brand brands product products project
projects developer developers dev ops operations engineering engineer engineers software hardware data cloud digital online web website site app apps mobile phone phones call calls center centre
central main head headquarters general global international local regional national world europe asia america north south east west city town street market markets trade trading exchange money
cash credit debit loan loans savings insurance tax taxes fund funds wallet balance price prices pricing offer offers deal deals discount coupon coupons gift gifts promo promotions campaign
subscription subscriptions subscribe unsubscribe account login password reset verify verification alert alerts notification notifications notice update updates upgrade status track tracking
return-desk back box blue green black white brown grey gray pink purple yellow orange silver golden star smart fast express direct plus premium basic first best new big little small great
happy fresh clean green water light fire garden flower flowers book books music game games toy toys sport sports fashion clothes shoes beauty health medical clinic doctor pharmacy pet pets baby
kids child children family friend friends mother father lady boss chief director president secretary lead leader staff crew buyer seller trader driver worker expert experts specialist consultant
consulting solution solutions system systems network internet digital energy power electric auto car cars bike bikes parts tools machine machines furniture lamp paper print printing photo photos
video post office letter letters package packages parcel parcels pickup collect collection collections voice sound screen button page link file files document documents form forms report reports
order shipping item items size sizes color colour time date day night morning evening week weekend month year summer winter spring holiday holidays season number address name names word words`)

/** What people are called at work or by courtesy, behind a surname or with none: 李经理, 客服主管. */
export const signTitles =
  /(?:先生|女士|小姐|太太|夫人|老师|经理|店长|主管|主任|总监|总裁|总|客服|售后|售前|师傅|医生|大夫|护士|律师|教授|博士|老板|老板娘|同学|同事|助理|助手|秘书|专员|顾问|会计|财务|销售|运营|技术|工程师|设计师|管理员|组长|队长|部长|校长|院长|厂长|站长|班长|科长|处长|局长|司机|快递|小哥|小妹|大哥|大姐|阿姨|叔叔|美女|帅哥|客户|用户|顾客|买家|卖家|会员|家长|员工|店员|掌柜|支持|服务|中心|团队|公司|平台|部门|店铺|小店|旗舰店|专卖店|门店|商城|商店)+$/u

/** A state, a people or a manner by its ending: disappointed, waiting, furious, Italian, Polish, certainly. */
export const isState = (word: string): boolean =>
  /(?:ed|ing|ous|ful|less|able|ible|ive|ish|ese|ian|ican|ally|ely|tly|ily|ully|ness|ment|tion|ical)$/i.test(word)

/** The usual surnames; others only where a name is sure to follow. */
export const usualSurnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝'
/** Signs that are names seldom and words often. */
export const rareSurnames =
  '褚卫尤孔曹水窦章云奚郎鲁昌凤花俞酆鲍史费廉岑薛倪滕殷罗毕邬于傅皮卞伍元顾平穆萧尹湛祁禹狄贝臧计伏戴谈茅庞纪舒屈项祝杜阮闵席季麻强路危颜梅刁骆樊凌霍虞支柯昝卢莫裘缪宣贲郁杭洪诸左钮龚嵇滑裴荣翁荀羊於惠甄封芮羿储靳汲邴糜松井富巫乌焦巴弓牧隗山宓蓬郗班仰秋仲伊宫仇栾暴厉戎祖束韶郜蓟薄印宿怀邰鄂索咸籍赖卓蔺屠池阴胥苍闻莘党贡劳逄扶堵宰郦雍却璩桑濮寿扈冀郏浦晏瞿阎充茹习宦艾鱼容古慎戈庾暨居衡步耿弘匡寇禄阙殳沃蔚越夔隆巩厍聂晁勾敖融訾辛阚饶毋沙乜鞠须丰巢蒯荆红游竺逯盖桓楼娟兰付肖闫郝'
export const doubleSurnames =
  '欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|夏侯|令狐|长孙|宇文|轩辕|端木|独孤|南宫|百里|呼延'

/** Words that begin with a surname. */
export const noChineseNames =
  /^(?:周[一二三四五六日末年边围期]|黄[金色牛钻页豆]|白[羊金色天领条酒茶痴]|金[卡牌融额色币属条牛]|高[级中考端铁兴价新档温速峰校原压]|江[苏西南北浙湖]|方[便面式法案向]|石[家油头]|马[上路]|万[一能科达分元]|常[州年常客见用]|武[汉警]|文[员具科件字本化]|康复|夏[天季令]|任[何务性意]|何[时必处况]|余额|余下|田园|钱[包已不也都被还]|史上|成[都功年员为本品分]|安[徽卓全装心排静检利]|包[邮裹月年装括子菜]|单[位独身亲子号价]|时[有候间常刻尚代]|全[款职部程额家新国场体套]|关[于键闭系注]|连[续接锁同]|解[决释除]|路[过上边]|车[主上票间]|房[东间子产]|应[该当届]|和[你我他她它您家客公朋同电地]|明[天年确白显明]|古董|向[你您贵客经上]|常常|张[数家贴开]|曾经|管理|管家|司机|农[村民业]|孔[子明]|华[为东南北侨]|安安|米[色粉饭线]|温[馨度州]|边[上远]|商[家品店城务户]|党员|红[色包米]|山[东西区]|云[南端]|计[划算]|强[烈]|平[台时常安]|印[度刷]|祖[国]|水[果晶]|花[了钱费]|居[住民]|宿舍|步行|容易|支[付持]|富[士]|乌[龙]|别[人的]|充[值电]|冷[静冻]|麻[烦]|师[傅父]|严[重格]|苏[州打]|路由|段[时]|童[装鞋]|季[度节]|符[合号]|贺[卡]|顾[客问]|谢[谢绝]|许[多久可]|左[右边侧]|宁[波愿夏可]|尚[未且]|章[程节]|费[用]|游[客戏]|项[目]|简[单直体]|兰[州]|荣[幸]|景[区]|桂[林花]|宫[廷]|沙[发漠]|龙[井年凤]|毛[巾衣病尖]|熊[猫]|雷[达]|贾[宝]|梅[花]|阳[光台性历]|池[塘]|卫[生]|查[询一了不看过收]|丁[香]|秦[岭]|柳[州]|韩[国版]|唐[装山]|宋[代]|鲁[迅]|蒙[古]|欧[洲元美]|甘[肃]|易[碎]|曲[目]|庄[园]|盛[大]|谷[物]|辛[苦]|齐[全]|闻[到]|索[要]|储[值]|须[知]|盖[子]|洪[水]|湛江|牧[民]|井[号]|松[开]|杭州|伊[犁]|扶[手]|隆[重]|越[来]|丰[富田]|融[资]|居然)/u
