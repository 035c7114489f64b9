// The commonest words that say nothing about a subject, of the languages most newspapers here are in. Words of three
// letters and less are never topics, so they are not listed.
const WORDS = `
about above after again against also although always among another because been before being below between both
cannot came come could does doing done down during each either enough even ever every from further give given goes
have having hence here hers herself himself however into itself just keep known less like made make makes many
might more most much must need never next nothing often once only other others otherwise ought ours over perhaps
quite rather said same says seem seems shall should since some still such take taken than that their theirs them
themselves then there therefore these they thing things this those though through thus together under until upon
used uses using very want well were what whatever when where whether which while whom whose will with within without
would year years your yours first last second three part case used example following different possible
aber alle allem allen aller alles also andere anderen anderer auch beim bereits bisher dabei dadurch dafür damit
dann daran darauf daraus darin darum darüber dass davon dazu deine dem denen denn deren derer deshalb dessen dies
diese diesem diesen dieser dieses doch dort durch eben eine einem einen einer eines einige einigen einmal erst etwa
etwas euch ganz gegen habe haben hatte hatten hier hinter immer ihre ihrem ihren ihrer indem ins jede jedem jeden
jeder jedes jedoch jetzt kann keine keinem keinen keiner können könnte machen mehr meine mehrere muss müssen nach
nachdem nicht nichts noch nämlich oder ohne schon sehr sein seine seinem seinen seiner seit selbst sich sind sollte
sollen sondern sonst soweit sowie über unter viel viele vielen vom vor wann waren warum weil weiter welche welchem
welchen welcher wenn werde werden wieder will wird wollen worden wurde wurden zwar zwischen zum zur
afin ainsi alors après aucun aucune aussi autre autres avait avant avec avoir bien cela celle celles celui cependant
certains cette ceux chaque chez comme comment dans deux depuis dès doit donc dont elle elles encore entre étaient
était étant être fait faire fois hors jusqu leur leurs lors lorsque mais même mêmes moins notre nous nouveau
onze parce pendant peut peuvent plus plusieurs pour pourquoi près puis quand quel quelle quelles quels quelque
quelques sans sera serait seront seulement soit sont sous souvent suivant tandis tant tous tout toute toutes très
trop vers voici voir votre vous
ahora algo alguna algunas alguno algunos ante antes aquel aquella aquí aunque cada casi como con contra cual cuales
cuando cuanto debe deben decir del desde después donde dos durante ella ellas ellos entonces entre era eran eres
esas ese eso esos esta estaba estado están estar estas este esto estos fue fueron había hace hacer hacia hasta hay
incluso luego mayor menos mientras mismo mucha muchas mucho muchos muy nada nosotros nuestra nuestro nunca otra
otras otro otros para pero poco porque primera primero puede pueden pues quien quienes según ser será sido siempre
sino sobre solo sólo también tanto tiene tienen toda todas todavía todo todos tres tras unas unos usted
agora ainda alguém alguns algumas aquela aquele assim até bem cada com como contudo depois desde dela dele deles
deve devem disso disto essa esse esses esta estão está estava este eram fazer foram isso isto já mais mas menos
mesma mesmo muita muito muitos nada não nessa nesse nesta neste nossa nosso numa onde outra outras outro outros
pela pelas pelo pelos pode podem porém porque quais qual qualquer quando quanto quase quem sempre sendo seja seria
será são seus sobre somente suas também tanto tendo tinha toda todas todo todos uma umas vários você
alla alle allora altra altre altri altro anche ancora aveva avere bene che chi ciascuno come con cosa cosi così
dagli dalla dalle dallo degli dei della delle dello deve devono dopo dove dunque durante ecco erano essere fare
fatto finché fino fosse gli già hanno infatti inoltre invece lei loro meno mentre mio molta molte molti molto negli
nella nelle nello nessun niente nostra nostro ogni oltre ora ossia perché perciò però più poco poi possono può
prima proprio qualche quale quali quando quanto quasi quella quelle quelli quello questa queste questi questo
qui quindi sarà sempre senza sia siamo solo sono sopra sotto stata state stati stato stesso sua sue sui suo sulla
sulle tale tali tra troppo tutta tutte tutti tutto una uno verso viene vuole
aan achter alleen altijd ander andere bij binnen daar daarom dan dat deze door dus echter een eens elk elke enkele
erg ergens geen goed haar hadden heb hebben heeft hem hen het hier hij hoe hun iets ieder iemand immers jaar jullie
kan kon kunnen maar maken meer meest met mij mijn minder moet moeten naar niet niets nog nooit omdat onder ons onze
onder ook over onze reeds sinds slechts soms steeds tegen terwijl tijdens toch toen tot tussen uit van vaak veel
verder volgens voor vooral waar waarom wanneer waren want was wat weer welke werd werden wie wij wil worden wordt
zal zeer zelf zich zij zijn zoals zonder zou zouden
`;

export const functionWords: ReadonlySet<string> = new Set(WORDS.split(/\s+/));
