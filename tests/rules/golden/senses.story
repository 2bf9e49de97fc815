0    | b1/u1/d1 motion:on
1    | b1/u1/d1 ~
2    | b1/u1/d1 opening:open
5    | b1/u1/d1 motion:on
20   | b1/u1/d1 opening:closed
40   | b1/u1/d1 opening:open
60   | b1/u1/h1 humidity=50
70   | b1/u1/h1 humidity=52
75   | b1/u1/h1 humidity=90
76   | b1/u1/h1 humidity=100
80   | b1/u1/h1 humidity=52
101  |
110  | b1/u1/h1 humidity=52.2
125  |
150  | b1/u1/h1 humidity=52.1
160  | b1/u1/d1 opening:closed
170  | b1/u1/d1 motion:off
200  | b1/u1/h1 humidity=52.3
210  | b1/u1/h1 humidity=55
220  | gate/c1 person_count=3 seq=8
250  | gate/c1 person_count=4 seq=8
281  | gate/c1 person_count=2 seq=8
290  | gate/c1 person_count=2 seq=9
300  | b2/x1 motion:on
301  |
302  | b2/x1 ~
310  | b1/u1/d1 motion:on
320  | b2/n1 noise=95
400  | b1/u1/0301/call1 sos!on
401  | b1/u1/0301/call1 sos!on
410  | b1/u1/0301/call1 sos!off
420  | zhang acknowledge incident:person
421  | zhang acknowledge alarm:call
450  |
602  |
610  | b2/x1 ~
620  | b1/u1/d1 ~
700  | b1/u1/d1 opening:open
800  | b1/u1/d1 opening:closed
1400 | deaf 100
2000 |
2600 | b1/u1/d1 motion:on
2700 |
