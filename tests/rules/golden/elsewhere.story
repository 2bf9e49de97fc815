0    | b1/u1/t1 temperature=30 community=c2
1    | b1/u1/t1 temperature=30
5    | b1/u1/t1 temperature=65 community=c2
6    | b1/u1/t1 temperature=65
11   | b1/u1/t1 temperature=66 community=c2
12   | b1/u1/t1 temperature=66
13   | garage/f1 flood_gauge=60 community=c2
14   | zhang set_mode zone:* mode=armed community=c2
15   | gate/a1 intrusion!on actor=p1 community=c2
16   | gate/a1 intrusion!on actor=p1
17   | bureau/m1 warning_signal!on event=rain community=c2
18   | garage/f1 flood_gauge=61 community=c2
19   | garage/f1 flood_gauge=61
20   | b1/u1/t1 temperature=72 community=c2
26   | b1/u1/t1 temperature=73 community=c2
27   | zhang acknowledge alarm:hot
28   | zhang acknowledge alarm:hot community=c2
29   | zhang acknowledge incident:fire community=c2
30   | li maintain device:f1 reason=works for_s=60 community=c2
31   | garage/f1 flood_gauge=200 community=c2
37   | garage/f1 flood_gauge=201 community=c2
38   | garage/f1 flood_gauge=200
44   | garage/f1 flood_gauge=201
50   | zhang shelve alarm:flood reason=works for_s=30 community=c2
51   | zhang shelve alarm:flood reason=works for_s=30
60   | b1/d1 ~ community=c2
61   | b2/d1 ~
91   |
100  | zhang merge incident:water into=incident:fire
101  | zhang split incident:fire alarm=alarm:flood
120  | b1/u1/t1 temperature=20 community=c2
130  | b1/u1/t1 temperature=20
140  | zhang close incident:fire verdict=false community=c2
141  | zhang close incident:fire verdict=false
500  |
900  |
