0    | b1/u1/t1 temperature=30
5    | b1/u1/t1 temperature=45
10   | b1/u1/h1 humidity=50
12   | garage/f1 flood_gauge=120
16   | b1/u1/t1 temperature=46
20   | yard/f2 flood_gauge=170
30   | b1/s1 smoke!on
31   | b1/u1/call1 sos!on
40   | pack next
41   | b1/u1/t1 temperature=36
50   | b1/u1/t1 temperature=59
56   | b1/u1/t1 temperature=61
60   | garage/f1 flood_gauge=130
61   | b2/n1 noise=90
62   | b1/u1/call2 fall!on
70   | pack now
71   | b2/n1 noise=50
80   | garage/f1 flood_gauge=20
90   | b1/u1/t1 temperature=20
135  | b1/u1/h1 humidity=50.2
140  | zhang close incident:fire verdict=false
150  | pack next
400  |
