export type DemoText = { language: string; title: string; text: string };

/** Sample texts of our own for `workstream demo`: long enough that a summary is shorter. English ones stand first. */
export const demoTexts: readonly DemoText[] = [
  {
    language: "en",
    title: "The night shift of a harbour",
    text: `After midnight the harbour belongs to the pilots. A pilot boards every large ship an hour before the quay and stays on the bridge until the last line is fast. The job is less about steering than about knowing what the water will do next. The tide here turns twice in a night, and the current near the breakwater can push a loaded tanker sideways faster than its own engine moves it forward. New pilots spend two years on other people's bridges before they are allowed to give a single order. They keep small notebooks in which they draw every berth by hand, because drawing a thing is the surest way to remember it. In the past decade satellites and simulators have joined the notebooks, but they have not replaced them. When fog closes the channel, the harbour master still asks the oldest pilot on duty, and only then looks at the screen. The port expects a third more ships within ten years, and it has begun to train twice as many pilots. Whether there will be enough of them depends on how many stay after their first winter.`,
  },
  {
    language: "en",
    title: "Why bread goes stale",
    text: `Bread does not go stale because it dries out. A loaf sealed in a bag turns hard within days although it has lost hardly any water. What changes is the starch: while the dough bakes, its granules swell and lose their order, and as the bread cools they slowly find a crystalline order again. Water that was held between the molecules moves into the crystals and into the crust, so the crumb feels dry and the crust feels leathery. Cold speeds this up, which is why a refrigerator is the worst place for a fresh loaf. Freezing stops it almost entirely, because the water can no longer move. Heat undoes part of the damage: a stale slice that is toasted turns soft inside, for a few minutes. Bakers slow the process with fat, sugar or a little pre-cooked flour, each of which gets in the way of the crystals. Sourdough stays fresh longer, since its acids and the enzymes of a long rise cut the starch into shorter pieces. None of this is spoilage; stale bread is safe to eat, and many kitchens have built famous dishes on it.`,
  },
  {
    language: "en",
    title: "A library without shelves",
    text: `The new municipal library opened last spring without a single shelf on its ground floor. Books are kept in the basement, in crates that robots bring up within four minutes of a request. The architects argued that visitors come to sit, to talk and to work, and that shelves take the light from all three. Half a year later the figures support them in part. Visits have doubled, and the reading rooms are full on weekday afternoons. Loans, however, have fallen by a fifth, because people who browse no longer find what they were not looking for. The librarians have answered with tables of thirty books that change every morning, each chosen by a reader, a teacher or a child. The tables account for a quarter of all loans although they hold less than one percent of the collection. In the autumn the city will decide whether the upper floor gets its shelves back. The director would like both: the light, and the accident of finding a book.`,
  },
  {
    language: "en",
    title: "Measuring a glacier",
    text: `Twice a year a small team climbs to the glacier with a steam drill and a bundle of wooden stakes. Each stake is sunk eight metres into the ice, and half a year later the team reads how much of it stands in the open. The method is a century old and has outlived every instrument that was meant to replace it. Satellites see the whole surface but not its density, and snow that looks deep from above can hold little water. In the past ten summers the lower stakes have lost two metres of ice a year, the upper ones half as much. The glacier feeds a river on which three towns and a power station depend. While it shrinks, the river carries more water than before, so nobody downstream notices a lack. The hydrologists expect that this surplus will end within fifteen years, and that August will then be the driest month instead of the wettest. The towns have begun to plan two reservoirs, and the stakes tell them how much time is left.`,
  },
  {
    language: "de",
    title: "Das Stellwerk",
    text: `Bis vor zwei Jahren wurden die Weichen des kleinen Bahnhofs noch von Hand gestellt. Im Stellwerk standen zwölf Hebel, jeder so groß wie ein Kind, und jeder zog über Drahtseile an einer Weiche oder einem Signal. Wer hier arbeitete, hörte am Klang des Seils, ob die Weiche wirklich lag. Heute schaltet ein Rechner in der Kreisstadt dieselben Weichen, und im alten Gebäude steht nur noch ein Schrank mit Elektronik. Die Umstellung hat Verspätungen verringert, weil Züge nicht mehr auf eine freie Hand warten müssen. Sie hat aber auch gezeigt, wie viel Wissen in den Hebeln steckte. Im ersten Winter froren zwei Weichen ein, deren Eigenheiten jeder Wärter gekannt hatte. Seitdem besucht ein pensionierter Kollege einmal im Monat die Leitstelle und erzählt, was auf keinem Plan steht. Die Bahn lässt diese Gespräche aufzeichnen, denn in den nächsten fünf Jahren verschwinden noch vierhundert solcher Stellwerke.`,
  },
  {
    language: "fr",
    title: "Le marché du samedi",
    text: `Chaque samedi, avant l'aube, une trentaine de maraîchers s'installent sur la place de la vieille halle. La ville a longtemps voulu déplacer ce marché vers la périphérie, où le stationnement est plus facile. Les habitants s'y sont opposés, et une étude leur a donné raison. Elle montre que deux visiteurs sur trois viennent à pied et qu'ils dépensent, dans les boutiques voisines, autant qu'au marché lui-même. Les producteurs, eux, y gagnent une part essentielle de leur revenu, sans intermédiaire et sans emballage. Le prix des légumes n'y est pourtant pas plus élevé que dans les supermarchés, sauf en hiver. La mairie a donc changé de projet : elle rénove la halle et ajoute des points d'eau. Les travaux dureront un an, pendant lequel les étals resteront sur la place. Les commerçants espèrent que la clientèle supportera la poussière aussi bien qu'elle supporte la pluie.`,
  },
  {
    language: "es",
    title: "La escuela de la montaña",
    text: `La escuela de la montaña tiene once alumnos y una sola maestra. Los niños tienen entre cinco y doce años y trabajan juntos alrededor de la misma mesa. La maestra explica primero a los mayores, y después son ellos quienes explican a los pequeños. Hace tres años la provincia quiso cerrar la escuela, porque cada alumno costaba el doble que en el valle. Los padres respondieron con una propuesta: el edificio serviría también de biblioteca y de consultorio dos tardes por semana. La provincia aceptó y desde entonces el gasto se reparte entre tres servicios. Los resultados de los alumnos no son peores que los de las escuelas grandes, y en lectura son algo mejores. Lo más difícil ha sido encontrar a alguien que sustituya a la maestra, que se jubila el año próximo. Dos jóvenes del pueblo estudian ahora para ocupar su lugar.`,
  },
  {
    language: "ru",
    title: "Зимняя дорога",
    text: `Зимой посёлок соединяет с городом дорога по льду реки. Её прокладывают в декабре, когда толщина льда достигает полуметра, и закрывают в конце марта. Каждое утро дорожник проезжает весь путь и сверлит лёд в двадцати местах. По ледовой дороге за четыре месяца привозят топливо, муку и строительные материалы на весь год. Летом грузы доставляют только вертолётом, и это обходится в десять раз дороже. За последние двадцать лет дорога стала открываться на три недели позже. Поэтому посёлок строит большой склад, чтобы успевать принять всё за короткий срок. Инженеры предлагали мост, но его стоимость превышает бюджет района за тридцать лет. Жители считают, что надёжнее всего запас и хорошая погода, а погоду, как они говорят, ещё никто не построил.`,
  },
  {
    language: "ja",
    title: "山の豆腐屋",
    text: `山あいの小さな町に、百年続く豆腐屋がある。店主は毎朝三時に起き、前の晩から水に浸した大豆をひく。この店の豆腐がおいしい理由は、裏山から湧く水にあると町の人は言う。店主は、水よりも大豆の浸し加減のほうが大切だと考えている。気温が一度違えば、浸す時間を二十分変えなければならない。その加減は先代から口で伝えられ、どこにも書かれていなかった。三年前、娘が店を継ぐと決め、毎日の気温と水温と時間を記録し始めた。記録を並べてみると、父の勘はほとんど狂っていなかったことがわかった。ただし、雨の日だけは父も少し長く浸しすぎていた。今では二人で記録を見ながら、その日の時間を決めている。`,
  },
  {
    language: "zh",
    title: "城市里的湿地",
    text: `十年前，这座城市在江边恢复了一片湿地。那里原来是废弃的码头，地面全是水泥，下雨时积水常常流进附近的住宅。工程师拆除了水泥，挖出浅塘，并种上芦苇和柳树。第一年，市民抱怨蚊子太多，要求把水塘填平。第二年，蜻蜓和青蛙回来了，蚊子反而比以前更少。现在，湿地每年能吸收约三百万立方米的雨水，周围的街道已经六年没有被淹。研究人员还发现，夏天这里的气温比市中心低三度。最大的困难是维护费用，因为芦苇每年都要收割，否则会腐烂并污染水质。去年开始，一家造纸厂买下了收割的芦苇，费用因此减少了一半。市政府计划在未来五年内再恢复两片湿地。`,
  },
  {
    language: "ar",
    title: "ساعاتي الحي القديم",
    text: `في الحي القديم دكان صغير لإصلاح الساعات يعمل فيه رجل تجاوز السبعين. تعلّم المهنة من والده حين كان في العاشرة، ولم يغلق الدكان يوماً واحداً منذ ذلك الوقت. كان الزبائن في الماضي يأتون بساعات الجيب وساعات الحائط، أما اليوم فأغلبهم يحمل ساعات ورثها عن أجداده. يقول الساعاتي إن أصعب ما في العمل ليس إصلاح العطل بل العثور على القطعة المناسبة. ولهذا يحتفظ بآلاف القطع في علب صغيرة كتب على كل منها اسم الساعة وسنة صنعها. قبل عامين بدأت حفيدته تصوّر هذه القطع وتنشر صورها على الإنترنت. وصلت إليه بعد ذلك طلبات من عشر دول، وصار يرسل القطع بالبريد. تضاعف دخل الدكان، لكنه يرفض أن يوظف عاملاً لا يعرف صوت الساعة السليمة. أما الحفيدة فقد بدأت تتعلم الإصغاء إلى الساعات كما تعلّم جدها.`,
  },
  {
    language: "hi",
    title: "गाँव का तालाब",
    text: `गाँव का पुराना तालाब बीस साल तक सूखा पड़ा रहा। लोग पानी के लिए तीन किलोमीटर दूर के कुएँ पर जाते थे। पाँच साल पहले कुछ युवाओं ने तालाब की मिट्टी निकालने का काम शुरू किया। पहले साल केवल दस लोग आए, क्योंकि किसी को विश्वास नहीं था कि पानी लौटेगा। बरसात के बाद तालाब आधा भर गया और अगले साल दो सौ लोग काम पर आए। निकाली गई मिट्टी किसानों ने अपने खेतों में डाली, जिससे फसल भी अच्छी हुई। अब तालाब का पानी गर्मियों के अंत तक रहता है और आसपास के कुओं का जलस्तर चार मीटर ऊपर आ गया है। गाँव की समिति ने नियम बनाया है कि कोई भी मोटर लगाकर तालाब से पानी नहीं निकालेगा। पड़ोस के सात गाँव अब यही काम अपने यहाँ कर रहे हैं।`,
  },
];

/** The languages, English first. */
export const demoLanguages: readonly string[] = [...new Set(demoTexts.map(({ language }) => language))];

/** Files that begin as a PDF does and are none: they end in the DLQ. */
export const brokenPdfs: readonly { name: string; content: string }[] = [
  { name: "only-a-header.pdf", content: "%PDF-1.7\n" },
  {
    name: "cut-off.pdf",
    content: "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pa",
  },
  {
    name: "letter.pdf",
    content: `%PDF-1.7\n${"This was a letter before someone renamed it. ".repeat(40)}\n%%EOF\n`,
  },
];
