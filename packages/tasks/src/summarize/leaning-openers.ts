/**
 * First words that lean on the sentence before: pronouns, demonstratives and connectives. A language that is not
 * listed loses only this hint. Chinese and Japanese are matched as prefixes, since no space ends their words.
 */
const OPENERS: Readonly<Record<string, string>> = {
  en: "this these that those it its they their them he his she her such however but also therefore thus then hence and so or yet moreover furthermore additionally likewise similarly instead otherwise meanwhile nevertheless note please see another both here there",
  de: "dies diese dieser dieses diesem diesen das er sie es jene ihr ihre sein seine jedoch aber auch außerdem daher deshalb somit dann damit und oder dabei dazu dadurch allerdings trotzdem ferner zudem so hier beachten bitte siehe solche",
  fr: "ce cet cette ces ceci cela ça il elle ils elles son sa ses leur leurs mais cependant toutefois ainsi donc alors et ou or aussi puis celui celle ceux notez veuillez voir voici tel telle",
  es: "este esta esto estos estas ese esa eso esos esas él ella ellos ellas su sus pero además así entonces también y o aquel aquello dicho dicha véase nótese aquí tal",
  it: "questo questa questi queste ciò quello quella esso essa essi egli lui lei loro ma inoltre così quindi allora anche e o però tuttavia pertanto suo sua qui tale",
  pt: "este esta isto estes estas esse essa isso esses essas ele ela eles elas seu sua mas porém contudo além assim então também e ou portanto aqui tal",
  nl: "dit deze dat die het hij zij ze hun zijn haar maar echter ook daarom dus dan en of bovendien verder hier zulke",
  pl: "to ten ta te ci tym tego on ona ono oni one ich jego jej ale jednak także również więc zatem i lub ponadto tutaj takie",
  sv: "detta denna dessa det den de han hon deras men dock också därför så och eller dessutom här sådana",
  tr: "bu şu o bunlar onlar ancak ama fakat ayrıca böylece ve veya çünkü burada",
  ru: "это этот эта эти этого того тот та те он она оно они его её их но однако также тоже поэтому затем и а или кроме таким так здесь там",
  uk: "це цей ця ці він вона воно вони його її їх але однак також тому і та або крім так тут",
  el: "αυτό αυτός αυτή αυτά αυτοί αλλά όμως επίσης έτσι και ή εδώ",
  ar: "هذا هذه هؤلاء ذلك تلك وهو وهي هو هي هم لكن ولكن كما أيضا لذلك وقد ثم",
  he: "זה זו זאת אלה הוא היא הם הן אבל אולם גם לכן כך",
  hi: "यह ये वह वे इस इन उस उन लेकिन परन्तु और तथा इसलिए",
  ko: "이 이것은 이는 그 그는 그녀는 그것은 그들은 이러한 그러한 하지만 그러나 또한 그리고 따라서 그래서 여기",
  ja: "この これ その それ しかし また そして さらに ただし なお 彼 ここ こう そう だから",
  zh: "这 那 它 他 她 但 然而 因此 此外 另外 而且 同时 并且 所以 其中 该 此 這 這 請 请 注意",
};

const withoutSpaces = new Set(["ja", "zh"]);
const firstWord = /^[\p{Pi}\p{Ps}"']*([\p{L}\p{M}]+)/u;
const openerWords = new Map(Object.entries(OPENERS).map(([language, words]) => [language, words.split(" ")]));

export function leansOnPrevious(text: string, language: string): boolean {
  const openers = openerWords.get(language);
  if (openers === undefined) return false;
  if (withoutSpaces.has(language)) return openers.some((opener) => text.startsWith(opener));
  const first = firstWord.exec(text.slice(0, 40))?.[1]?.toLowerCase();
  return first !== undefined && openers.includes(first);
}
