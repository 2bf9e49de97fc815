0    | b1/u1/t1 temperature=30
1    | garage/f1 flood_gauge=120
2    | yard/g1 flood_gauge=3
3    | b1/u2/d1 motion:on
4    | b1/u2/d1 opening:open
5    | b1/u1/t1 temperature=45
6    | b1/u2/d1 motion:on
7    | b2/n1 noise=85
8    | gate/a1 intrusion!on actor=p1
9    | zhang set_mode zone:* mode=armed
10   | gate/a1 intrusion!on actor=p1
12   | b1/h1 humidity=120
13   | b1/h1 humidity=30
14   | garage/f1 flood_gauge=170
16   | b1/u1/t1 temperature=46
17   | pack child
18   | b1/u1/t1 temperature=47
19   | b2/n1 noise=90
20   | garage/f1 flood_gauge=180
25   | b1/u2/d1 opening:closed
40   | b1/u1/t1 temperature=61
46   | b1/u1/t1 temperature=62
50   | b1/u1/t1 temperature=20
51   | gate/a1 intrusion!on actor=p1
60   | c9/n2 opening:open
61   | b1/u1/x9 opening:open
62   | nowhere/w1 generic=5
63   | b1/u1/t1 temperature=
64   | b1/u1/t1 temperature= status=test
65   | b1/u1/t1 temperature=99 late=700
66   | b1/u1/t1 temperature=98 is_retained=yes late=30
67   | b1/u1/t1 temperature=97 late=-900
68   | garage/f1 flood_gauge=190 late=130
70   | pack now
80   | b1/h1 humidity=101
81   | b1/h1 humidity=31
82   | b1/h1 humidity=90
90   | garage/f1 flood_gauge=10
100  | b1/u1/t1 temperature=99999
101  | b1/u1/t1 temperature=21 seq=5
102  | b1/u1/t1 temperature=21 seq=5
200  |
300  | pack next
301  | b1/u1/t1 temperature=70
310  | b1/u1/t1 temperature=71
320  | pack child
330  | b1/u1/t1 temperature=20
900  |
6000 |
