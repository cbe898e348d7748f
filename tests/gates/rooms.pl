# SPDX-License-Identifier: GPL-2.0-or-later
# How the rooms of engine/ use each other, by the symbols that object files define and use, and by includes.
# usage: rooms.pl check ROOMS SRCDIR <NM    prints each fault on a line: an upward use, or a circle of more than two files
#        rooms.pl dot ROOMS SRCDIR <NM      prints the graph of rooms for Graphviz
# NM is the output of "nm -A --format=posix" for the objects, whose paths end in ROOM/FILE.o.
use strict;
use warnings;

my ($mode, $rooms_file, $srcdir) = @ARGV;
my (@rooms, %rank);
open my $in, '<', $rooms_file or die "$rooms_file: $!\n";
while (<$in>) {
	next if /^#/;
	my ($room) = split or next;
	$rank{$room} = @rooms;
	push @rooms, $room;
}

my (%defined, %used, %files);
while (<STDIN>) {
	my ($path, $symbol, $type) = /^(\S+): (\S+) (\S)/ or next;
	my ($file) = $path =~ m{([^/]+/[^/]+)\.o} or next;
	$files{$file} = 1;
	if ($type eq 'U') { $used{$file}{$symbol} = 1 }
	elsif ($type =~ /[A-TV-Z]/) { $defined{$symbol} = $file }
}
my (%next, %why, @faults);
for my $file (sort keys %files) {
	for my $symbol (sort keys %{ $used{$file} }) {
		my $to = $defined{$symbol} or next;
		next if $to eq $file;
		$next{$file}{$to} = 1;
		$why{"$file $to"} //= $symbol;
	}
}
sub room { (split m{/}, shift)[0] }

for my $file (sort keys %files) {
	my $room = room($file);
	push @faults, "$file is in $room, which $rooms_file does not list" unless defined $rank{$room};
	for my $to (sort keys %{ $next{$file} }) {
		my $other = room($to);
		next unless defined $rank{$room} && defined $rank{$other} && $rank{$other} > $rank{$room};
		push @faults, "$file uses $why{\"$file $to\"} of $to: $other is above $room";
	}
}
for my $path (sort glob "$srcdir/engine/*/*.[ch]") {
	my ($room, $file) = $path =~ m{engine/([^/]+)/([^/]+)$};
	open my $source, '<', $path or die "$path: $!\n";
	while (<$source>) {
		my ($other) = m{^\s*#\s*include "([^/"]+)/} or next;
		next unless defined $rank{$other};
		push @faults, "$room/$file:$.: includes a header of $other, which is above $room" if $rank{$other} > ($rank{$room} // -1);
	}
}

# Strongly connected components: files that reach each other. There are few files, so each way is simply followed.
sub reach {
	my %seen;
	my @list = @_;
	while (defined(my $file = shift @list)) {
		push @list, grep { !$seen{$_}++ } sort keys %{ $next{$file} };
	}
	return \%seen;
}
my %reach = map { $_ => reach($_) } keys %files;
my %done;
for my $file (sort keys %files) {
	next if $done{$file};
	my @circle = grep { $reach{$file}{$_} && $reach{$_}{$file} } sort keys %files;
	$done{$_} = 1 for @circle;
	push @faults, 'a circle of ' . @circle . " files: @circle" if @circle > 2;
}

if ($mode eq 'dot') {
	my %edges;
	for my $file (keys %files) {
		$edges{ room($file) . ' -> ' . room($_) } = 1 for grep { room($_) ne room($file) } keys %{ $next{$file} };
	}
	print "digraph rooms {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n";
	print "  $_;\n" for @rooms, sort keys %edges;
	print "}\n";
} else {
	print map { "$_\n" } @faults;
}
