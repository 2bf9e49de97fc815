0  | zhang acknowledge incident
1  | zhang acknowledge alarm
2  | zhang accept dispatch
3  | zhang order incident responder=guard
4  | zhang maintain device:d1
5  | zhang maintain device:d1 reason=x
6  | zhang maintain device:d1 reason=x for_s=-1
7  | zhang maintain device:d1 reason=x for_s=soon
8  | zhang maintain device:d1 reason=x for_s=99999999
9  | zhang maintain device:d1 reason=x for_s=60 from_s=99999999
10 | zhang maintain device:d1 reason=x for_s=60 life_safety=perhaps
11 | zhang maintain zone:b1 reason=x for_s=60 life_safety=yes
12 | zhang maintain device:d1 reason=x for_s=999999 life_safety=yes
13 | zhang restore device:d1
14 | zhang restore zone:b1
15 | zhang set_mode zone:b1
16 | zhang set_mode zone:b1 mode=dancing
17 | zhang set_mode zone:b1 mode=night is_on=perhaps
18 | zhang set_mode zone:b1 mode=night for_s=-5
19 | zhang set_mode zone:b1 mode=night is_on=no
20 | zhang set_mode zone:b1 mode=night for_s=60 reason=early
21 | zhang set_mode zone:b1 mode=night for_s=90
22 | zhang set_mode zone:b1 mode=night
23 | zhang set_mode zone:b1 mode=night is_on=no
24 | zhang set_mode device:d1 mode=night
25 | zhang shelve incident reason=x
26 | zhang close alarm
27 | b1/u1/s1 smoke!on
28 | b1/u1/0101/d1 intrusion!on
29 | zhang set_mode zone:* mode=armed
30 | b1/u1/0101/d1 intrusion!on actor=p1
31 | zhang shelve alarm:smoke_report reason=x for_s=60
32 | zhang shelve alarm:armed
33 | zhang shelve alarm:armed reason=x
34 | zhang shelve alarm:armed reason=x for_s=0
35 | zhang shelve alarm:armed reason=x for_s=100000
36 | zhang shelve alarm:armed reason=x once=yes
37 | zhang shelve alarm:armed reason=x once=yes
38 | zhang unshelve alarm:armed
39 | zhang unshelve alarm:armed
40 | zhang reset alarm:armed
41 | zhang reset alarm:smoke_report
42 | zhang acknowledge alarm:armed
43 | zhang acknowledge alarm:armed
44 | zhang unacknowledge alarm:armed
45 | zhang unacknowledge alarm:armed
46 | zhang name_cause alarm:armed
47 | zhang name_cause alarm:armed cause=none
48 | zhang name_cause alarm:armed cause=a-gone
49 | zhang name_cause alarm:armed cause=alarm:armed
50 | zhang name_cause alarm:smoke_report cause=alarm:armed
51 | zhang name_cause alarm:armed cause=alarm:smoke_report
52 | zhang name_cause alarm:smoke_report cause=alarm:armed
53 | zhang name_cause alarm:armed cause=none
54 | zhang verify incident:fire
55 | zhang verify incident:fire verdict=perhaps
56 | zhang verify incident:fire verdict=untriaged
57 | zhang verify incident:fire verdict=false reason=steam
58 | zhang verify incident:fire verdict=untriaged
59 | zhang note incident:fire
60 | zhang note incident:fire text=steam
61 | zhang merge incident:fire
62 | zhang merge incident:fire into=i-gone
63 | zhang merge incident:fire into=incident:fire
64 | zhang split incident:fire
65 | zhang split incident:fire alarm=a-gone
66 | zhang split incident:fire alarm=alarm:armed
67 | zhang split incident:fire alarm=alarm:smoke_report
68 | zhang order incident:fire
69 | zhang order incident:fire responder=nobody
70 | zhang order incident:fire responder=guard
71 | zhang reassign dispatch:guard responder=guard
72 | zhang reassign dispatch:guard responder=nobody
73 | guard complete dispatch:guard
74 | guard on_scene dispatch:guard
75 | guard accept dispatch:guard
76 | guard accept dispatch:guard
77 | guard decline dispatch:guard
78 | zhang acknowledge incident:fire
79 | zhang acknowledge incident:fire
80 | zhang unacknowledge incident:fire
81 | zhang unacknowledge incident:fire
82 | zhang verify incident:fire verdict=untriaged
83 | zhang close incident:fire
84 | zhang verify incident:fire verdict=benign
85 | zhang close incident:fire verdict=real
86 | b9/s9 smoke!on status=exercise
87 | zhang merge incident:damage into=incident:
88 | zhang close incident verdict=drill text=done
89 | zhang close incident:fire verdict=false
90 | zhang close incident:damage verdict=false
91 | zhang acknowledge incident:damage
